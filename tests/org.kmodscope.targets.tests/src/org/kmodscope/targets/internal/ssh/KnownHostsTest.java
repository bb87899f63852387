/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.Prompt;

class KnownHostsTest {

    private static final Predicate<Prompt.Question> YES = question -> true;
    private static final Predicate<Prompt.Question> NO = question -> false;

    @TempDir Path ssh;
    private Path file;
    private PublicKey key;
    private PublicKey other;

    @BeforeAll
    static void supplyKeys() {
        Ed25519.supply();
    }

    @BeforeEach
    void makeKeys() throws Exception {
        file = ssh.resolve("known_hosts");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        key = generator.generateKeyPair().getPublic();
        other = generator.generateKeyPair().getPublic();
    }

    private static String line(String host, PublicKey shown) throws Exception {
        StringBuilder line = new StringBuilder(host).append(' ');
        PublicKeyEntry.appendPublicKeyEntry(line, shown);
        return line.append('\n').toString();
    }

    private String refusal(Predicate<Prompt.Question> user, String host, int port) {
        return assertThrows(
                        KmodscopeException.class,
                        () -> new KnownHosts(file, user).check(host, port, key))
                .getMessage();
    }

    @Test
    void whatWasAcceptedIsKnown() throws Exception {
        new KnownHosts(file, YES).check("pi", 22, key);
        new KnownHosts(file, YES).check("pi", 2222, key);
        assertEquals(line("pi", key) + line("[pi]:2222", key), Files.readString(file));
        new KnownHosts(file, NO).check("pi", 22, key);
        new KnownHosts(file, NO).check("pi", 2222, key);
        assertEquals(Set.of("ssh-ed25519"), new KnownHosts(file, YES).kindsOf("pi", 22));
        assertTrue(refusal(NO, "other", 22).contains("is not a known host"));
    }

    @Test
    void aHostThatIsNotKnownIsAskedAboutByItsFingerprint() throws Exception {
        List<Prompt.Question> asked = new ArrayList<>();
        new KnownHosts(file, asked::add).check("pi", 2222, key);
        assertEquals(1, asked.size());
        String text = asked.getFirst().text();
        assertTrue(
                text.startsWith("The authenticity of host '[pi]:2222' can't be established.\n"),
                text);
        assertTrue(
                text.contains("ED25519 key fingerprint is " + KeyUtils.getFingerPrint(key) + "."),
                text);
    }

    @Test
    void thePublicHalfOfAKeyIsThatOfItsPrivateHalf() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertEquals(pair.getPublic(), new Ed25519().recoverEDDSAPublicKey(pair.getPrivate()));
    }

    @Test
    void anotherKeyIsRefusedWithoutAsking() throws Exception {
        String known = "# boards\n\n" + line("pi", other);
        Files.writeString(file, known);
        String said = refusal(YES, "pi", 22);
        assertTrue(said.contains("HAS CHANGED") && said.contains("ED25519 key SHA256:"), said);
        assertTrue(said.contains(file + ":3 has another"), said);
        assertEquals(known, Files.readString(file));
    }

    @Test
    void oneOfSeveralKeysIsEnough() throws Exception {
        Files.writeString(file, line("pi", other) + line("pi,10.0.0.1", key));
        new KnownHosts(file, NO).check("pi", 22, key);
    }

    @Test
    void aRevokedKeyIsRefusedThoughItIsThere() throws Exception {
        Files.writeString(file, "@revoked " + line("pi", key));
        assertTrue(refusal(YES, "pi", 22).contains("revoked"));
    }

    @Test
    void aFileWithoutALastLineEndIsNotSpoilt() throws Exception {
        Files.writeString(file, line("other", other).strip());
        new KnownHosts(file, YES).check("pi", 22, key);
        assertEquals(line("other", other) + line("pi", key), Files.readString(file));
    }

    @Test
    void aDirectoryThatIsNotThereIsMadeForTheUserAlone() throws Exception {
        Path home = ssh.resolve(".ssh");
        new KnownHosts(home.resolve("known_hosts"), YES).check("pi", 22, key);
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
    }
}
