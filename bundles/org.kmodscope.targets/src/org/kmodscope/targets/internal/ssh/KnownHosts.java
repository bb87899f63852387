/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.Prompt;

/**
 * The keys by which hosts are known, as ssh(1) keeps them (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). A
 * host that is not known is asked about; one whose key has changed is refused. Entries of
 * certificate authorities are passed over.
 *
 * @param file the user's {@code known_hosts}
 * @param prompt who is asked
 */
record KnownHosts(Path file, Prompt prompt) {

    private static final int USUAL_PORT = 22;
    private static final String REVOKED = "revoked";

    /** The kinds of keys that the host is known by, which it has to be asked for first. */
    Set<String> kindsOf(String host, int port) throws KmodscopeException {
        return entries(host, port).stream()
                .map(entry -> entry.getKeyEntry().getKeyType())
                .collect(Collectors.toSet());
    }

    /**
     * Looks at the key that a host shows.
     *
     * @throws KmodscopeException LAB when it is not to be trusted
     */
    void check(String host, int port, PublicKey key) throws KmodscopeException {
        List<KnownHostEntry> entries = entries(host, port);
        for (KnownHostEntry entry : entries) {
            if (holds(entry, key)) {
                if (REVOKED.equals(entry.getMarker())) {
                    throw untrusted(
                            name(host, port) + " shows a key that is revoked in " + file + ".",
                            "Do not connect; ask who revoked it.");
                }
                return;
            }
        }
        if (entries.stream().anyMatch(entry -> !REVOKED.equals(entry.getMarker()))) {
            throw changed(host, port, key);
        }
        String question =
                "The authenticity of host "
                        + name(host, port)
                        + " cannot be established.\nIts "
                        + KeyUtils.getKeyType(key)
                        + " key has the fingerprint "
                        + KeyUtils.getFingerPrint(key)
                        + ".\nConnect, and know it by this key from now on?";
        if (!prompt.accept(question)) {
            throw untrusted(
                    name(host, port)
                            + " is not a known host; its key has the fingerprint "
                            + KeyUtils.getFingerPrint(key)
                            + ".",
                    "Compare that with what \"ssh-keygen -l -f /etc/ssh/ssh_host_*_key.pub\" prints"
                            + " on the board, connect once with ssh to accept it, and try again.");
        }
        add(host, port, key);
    }

    private KmodscopeException changed(String host, int port, PublicKey key) {
        return untrusted(
                "THE KEY OF "
                        + name(host, port)
                        + " HAS CHANGED: it shows "
                        + KeyUtils.getFingerPrint(key)
                        + ", and "
                        + file
                        + " has another. Somebody may be listening in, or the board was"
                        + " installed anew.",
                "If you know that it was installed anew, forget the old key: ssh-keygen -f "
                        + file
                        + " -R \""
                        + name(host, port)
                        + "\"");
    }

    private List<KnownHostEntry> entries(String host, int port) throws KmodscopeException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return KnownHostEntry.readKnownHostEntries(file).stream()
                    .filter(entry -> entry.isHostMatch(host, port))
                    .filter(
                            entry ->
                                    Optional.ofNullable(entry.getMarker())
                                            .map(REVOKED::equals)
                                            .orElse(true))
                    .toList();
        } catch (IOException | RuntimeException e) {
            throw untrusted(
                    "The known hosts in " + file + " cannot be read: " + e.getMessage() + ".",
                    "Correct the file.");
        }
    }

    private static boolean holds(KnownHostEntry entry, PublicKey key) {
        AuthorizedKeyEntry known = entry.getKeyEntry();
        try {
            return KeyUtils.compareKeys(known.resolvePublicKey(null, null, null), key);
        } catch (IOException | GeneralSecurityException e) {
            // Of a kind that is not understood here, and so another than the one that was shown.
            return false;
        }
    }

    private void add(String host, int port, PublicKey key) throws KmodscopeException {
        StringBuilder line = new StringBuilder();
        try {
            if (Files.exists(file) && !Files.readString(file).matches("(?s)|.*\n")) {
                line.append('\n');
            }
            line.append(name(host, port)).append(' ');
            PublicKeyEntry.appendPublicKeyEntry(line, key);
            line.append('\n');
            Path directory = Optional.ofNullable(file.getParent()).orElse(Path.of("."));
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(
                        directory,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw untrusted(
                    "The key of "
                            + name(host, port)
                            + " cannot be added to "
                            + file
                            + ": "
                            + e
                            + ".",
                    "Correct the permissions there.");
        }
    }

    private static String name(String host, int port) {
        return port == USUAL_PORT ? host : '[' + host + "]:" + port;
    }

    private static KmodscopeException untrusted(String what, String remedy) {
        return new KmodscopeException(Kind.LAB, what, remedy);
    }
}
