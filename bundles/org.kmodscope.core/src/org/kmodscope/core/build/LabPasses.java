/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.Sha256;

/**
 * Which drivers have passed a run in a lab, exactly as they are now: what to know before one of
 * them is loaded into a kernel that matters. Kept in the cache, one small file for each, named by
 * the hash of what passed.
 */
public final class LabPasses {

    private final CacheDirectory cache;

    /**
     * @param cache where they are kept
     */
    public LabPasses(CacheDirectory cache) {
        this.cache = cache;
    }

    /**
     * What a driver is known by: its sources, since it is another file for each kernel, and the
     * file itself, which may come without sources.
     *
     * @param hashes of each
     */
    public record Identity(List<String> hashes) {

        /** One that does not change. */
        public Identity {
            hashes = List.copyOf(hashes);
        }
    }

    /**
     * The driver of a project, built from what is in it now.
     *
     * @throws KmodscopeException FAILED when it cannot be read
     */
    public static Identity of(Path project, Path module) throws KmodscopeException {
        List<String> hashes = new ArrayList<>(of(module).hashes());
        try {
            hashes.add(SourceMirror.read(project.toRealPath()).digest());
        } catch (IOException e) {
            throw unreadable(project, e);
        }
        return new Identity(hashes);
    }

    /**
     * A module that is there without its sources.
     *
     * @throws KmodscopeException FAILED when it cannot be read
     */
    public static Identity of(Path module) throws KmodscopeException {
        try {
            return new Identity(List.of(Sha256.of(Files.readAllBytes(module))));
        } catch (IOException e) {
            throw unreadable(module, e);
        }
    }

    /**
     * Remembers that all probes of a run passed in a lab.
     *
     * @param driver as it was when it was loaded
     * @param kernelId the lab's kernel
     */
    public void passed(Identity driver, String kernelId) throws KmodscopeException {
        Path directory = cache.directory("passed");
        try {
            for (String hash : driver.hashes()) {
                Path fresh = Files.createTempFile(directory, "new-", "");
                Files.writeString(fresh, kernelId);
                Files.move(fresh, directory.resolve(hash), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw BuildRecord.storage(directory, e);
        }
    }

    /** The kernel of the last lab that the driver passed in, if it ever did. */
    public Optional<String> find(Identity driver) throws KmodscopeException {
        Path directory = cache.directory("passed");
        for (String hash : driver.hashes()) {
            try {
                return Optional.of(
                        Files.readString(directory.resolve(hash), StandardCharsets.UTF_8).strip());
            } catch (IOException notThere) {
                // What cannot be read is not known to have passed.
                continue;
            }
        }
        return Optional.empty();
    }

    private static KmodscopeException unreadable(Path what, IOException e) {
        return new KmodscopeException(
                Kind.FAILED,
                what + " cannot be read: " + Reason.of(e) + ".",
                "Check that it is there and that you may read it.",
                e);
    }
}
