/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.target.Prompt;

/**
 * The keys by which hosts are known, as ssh(1) keeps them (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). A
 * host that is not known is asked about; one whose key has changed is refused. Entries of
 * certificate authorities are passed over.
 *
 * @param file the user's {@code known_hosts}
 * @param user who is asked
 */
record KnownHosts(Path file, Predicate<Prompt.Question> user) {

    private static final int USUAL_PORT = 22;
    private static final String REVOKED = "revoked";

    /** The kinds of keys that the host is known by, which it has to be asked for first. */
    Set<String> kindsOf(String host, int port) throws KmodscopeException {
        return entries(host, port).stream()
                .map(line -> line.entry().getKeyEntry().getKeyType())
                .collect(Collectors.toSet());
    }

    /**
     * Looks at the key that a host shows.
     *
     * @throws KmodscopeException LAB when it is not to be trusted
     */
    void check(String host, int port, PublicKey key) throws KmodscopeException {
        List<Line> entries = entries(host, port);
        for (Line line : entries) {
            if (holds(line.entry(), key)) {
                if (line.revoked()) {
                    throw untrusted(
                            name(host, port) + " shows a key that is revoked in " + at(line) + ".",
                            "Do not connect; ask who revoked it.");
                }
                return;
            }
        }
        Optional<Line> other = entries.stream().filter(line -> !line.revoked()).findFirst();
        if (other.isPresent()) {
            throw changed(host, port, key, other.get());
        }
        if (!user.test(question(host, port, key))) {
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

    private Prompt.Question question(String host, int port, PublicKey key) {
        return new Prompt.Question(
                "Unknown host",
                "The authenticity of host '"
                        + name(host, port)
                        + "' can't be established.\n"
                        + kind(key)
                        + " key fingerprint is "
                        + KeyUtils.getFingerPrint(key)
                        + ".\nConnect, and know it by this key from now on ("
                        + file
                        + ")?",
                "Connect");
    }

    /** As ssh(1) names kinds of keys to people. */
    private static String kind(PublicKey key) {
        String type = KeyUtils.getKeyType(key);
        return type.startsWith("ecdsa-")
                ? "ECDSA"
                : type.replaceFirst("^ssh-", "").toUpperCase(Locale.ROOT);
    }

    private KmodscopeException changed(String host, int port, PublicKey key, Line known) {
        return untrusted(
                "THE KEY OF "
                        + name(host, port)
                        + " HAS CHANGED: it shows the "
                        + kind(key)
                        + " key "
                        + KeyUtils.getFingerPrint(key)
                        + ", and "
                        + at(known)
                        + " has another. Somebody may be listening in, or the board was"
                        + " installed anew.",
                "If you know that it was installed anew, forget the old key: ssh-keygen -f "
                        + file
                        + " -R \""
                        + name(host, port)
                        + "\"");
    }

    /** An entry and the number of its line, from 1. */
    private record Line(int number, KnownHostEntry entry) {

        boolean revoked() {
            return REVOKED.equals(entry.getMarker());
        }
    }

    private String at(Line line) {
        return file + ":" + line.number();
    }

    private List<Line> entries(String host, int port) throws KmodscopeException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            List<Line> found = new ArrayList<>();
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                @Nullable KnownHostEntry entry = KnownHostEntry.parseKnownHostEntry(lines.get(i));
                if (entry != null && concerns(entry, host, port)) {
                    found.add(new Line(i + 1, entry));
                }
            }
            return found;
        } catch (IOException | RuntimeException e) {
            throw untrusted(
                    "The known hosts in " + file + " cannot be read: " + e.getMessage() + ".",
                    "Correct the file.");
        }
    }

    private static boolean concerns(KnownHostEntry entry, String host, int port) {
        @Nullable String marker = entry.getMarker();
        return entry.isHostMatch(host, port) && (marker == null || marker.equals(REVOKED));
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
                            + Reason.of(e)
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
