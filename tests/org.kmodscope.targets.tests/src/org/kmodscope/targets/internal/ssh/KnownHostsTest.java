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
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.Prompt;

class KnownHostsTest {

    private static final Prompt YES =
            new Prompt() {
                @Override
                public boolean accept(String question) {
                    return true;
                }

                @Override
                public Optional<String> secret(Secret wanted) {
                    return Optional.empty();
                }
            };

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

    private String refusal(Prompt prompt, String host, int port) {
        return assertThrows(
                        KmodscopeException.class,
                        () -> new KnownHosts(file, prompt).check(host, port, key))
                .getMessage();
    }

    @Test
    void whatWasAcceptedIsKnown() throws Exception {
        new KnownHosts(file, YES).check("pi", 22, key);
        new KnownHosts(file, YES).check("pi", 2222, key);
        assertEquals(line("pi", key) + line("[pi]:2222", key), Files.readString(file));
        new KnownHosts(file, Prompt.NOBODY).check("pi", 22, key);
        new KnownHosts(file, Prompt.NOBODY).check("pi", 2222, key);
        assertEquals(Set.of("ssh-ed25519"), new KnownHosts(file, YES).kindsOf("pi", 22));
        assertTrue(refusal(Prompt.NOBODY, "other", 22).contains("is not a known host"));
    }

    @Test
    void thePublicHalfOfAKeyIsThatOfItsPrivateHalf() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertEquals(pair.getPublic(), new Ed25519().recoverEDDSAPublicKey(pair.getPrivate()));
    }

    @Test
    void anotherKeyIsRefusedWithoutAsking() throws Exception {
        Files.writeString(file, line("pi", other));
        assertTrue(refusal(YES, "pi", 22).contains("HAS CHANGED"));
        assertEquals(line("pi", other), Files.readString(file));
    }

    @Test
    void oneOfSeveralKeysIsEnough() throws Exception {
        Files.writeString(file, line("pi", other) + line("pi,10.0.0.1", key));
        new KnownHosts(file, Prompt.NOBODY).check("pi", 22, key);
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
