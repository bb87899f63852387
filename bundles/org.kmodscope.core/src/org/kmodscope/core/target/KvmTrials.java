/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Reason;
import org.kmodscope.core.kernel.Kernel;

/**
 * What trial boots have shown: whether this machine runs a kernel by hardware virtualisation (KVM).
 * That its device is there proves nothing: inside of another virtual machine it may be there and
 * not work. Kept in the cache, one small file for each kernel, machine and release of the machine's
 * own kernel; safe to use from several threads and processes.
 */
public final class KvmTrials {

    private static final String WORKS = "works";
    private static final String FAILS = "fails";

    private final CacheDirectory cache;
    private final String machine;

    /** Those of this machine. */
    public KvmTrials(CacheDirectory cache) {
        this(cache, thisMachine());
    }

    KvmTrials(CacheDirectory cache, String machine) {
        this.cache = cache;
        this.machine = machine;
    }

    /** Whether the kernel ran; empty when nobody tried yet. */
    public Optional<Boolean> answer(Kernel kernel) throws KmodscopeException {
        Path file = file(kernel);
        try {
            return switch (Files.readString(file).strip()) {
                case WORKS -> Optional.of(true);
                case FAILS -> Optional.of(false);
                // Half a file, or another version's: trying once more costs little.
                default -> Optional.empty();
            };
        } catch (NoSuchFileException untried) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Keeps what a trial has shown. */
    public void remember(Kernel kernel, boolean works) throws KmodscopeException {
        Path file = file(kernel);
        Path fresh = file.resolveSibling(UUID.randomUUID() + ".new");
        try {
            Files.writeString(fresh, works ? WORKS : FAILS);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Forgets all of them: each kernel is tried again when it is next booted. */
    public void forget() throws KmodscopeException {
        Path directory = directory();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private Path directory() throws KmodscopeException {
        return cache.directory("labs", "kvm");
    }

    private Path file(Kernel kernel) throws KmodscopeException {
        String what = String.join("\n", machine, kernel.id(), kernel.release());
        // A name for any id, which may be a path.
        UUID name = UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8));
        return directory().resolve(name.toString());
    }

    /** A home directory, and the cache in it, may be shared by several machines. */
    private static String thisMachine() {
        String release = System.getProperty("os.version", "");
        try {
            return Files.readString(Path.of("/etc/machine-id")).strip() + "\n" + release;
        } catch (IOException nameless) {
            // Containers have none; then the release alone has to tell.
            return release;
        }
    }

    private static KmodscopeException unusable(Path file, IOException e) {
        return new KmodscopeException(
                KmodscopeException.Kind.MISSING,
                "What KVM can do cannot be kept in " + file + ": " + Reason.of(e) + ".",
                "Correct the permissions there, or set XDG_CACHE_HOME to another directory.",
                e);
    }
}
