/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.target.TargetSpec;

/** The kernel that this machine runs. */
public final class HostKernel {

    /** The name users type. */
    public static final String ID = TargetSpec.Local.KERNEL_ID;

    private final Path root;
    private final String release;

    /** That of this machine. */
    public HostKernel() {
        this(Path.of("/"), System.getProperty("os.version", ""));
    }

    /** One of a release, installed below a directory. */
    HostKernel(Path root, String release) {
        this.root = root;
        this.release = release;
    }

    /** The running kernel if its headers are installed; with its image where that is readable. */
    public Optional<Kernel> find() throws KmodscopeException {
        Path modules = modules();
        if (!Files.isDirectory(modules.resolve("build"))) {
            return Optional.empty();
        }
        KernelDirectory directory = KernelDirectory.read(modules.resolve("build"));
        // Often readable by root alone; then it can be built for, but not booted.
        Optional<Path> image =
                Stream.of(root.resolve("boot/vmlinuz-" + release), modules.resolve("vmlinuz"))
                        .filter(Files::isReadable)
                        .findFirst();
        boolean bootable = image.isPresent() && Files.isReadable(modules.resolve("modules.dep"));
        return Optional.of(
                new Kernel(
                        ID,
                        directory.release(),
                        directory.headers(),
                        Optional.empty(),
                        bootable ? image : Optional.empty(),
                        bootable ? Optional.of(modules) : Optional.empty()));
    }

    /** Its line in the list. Headers that are damaged do not keep the others from being listed. */
    public KernelEntry entry() {
        try {
            return find().map(kernel -> entry(KernelEntry.State.READY, ", " + kernel.release()))
                    .orElseGet(
                            () ->
                                    entry(
                                            KernelEntry.State.LACKING,
                                            "; install linux-headers-" + release));
        } catch (KmodscopeException damaged) {
            return entry(KernelEntry.State.LACKING, "; " + damaged.getMessage());
        }
    }

    private static KernelEntry entry(KernelEntry.State state, String more) {
        return new KernelEntry(ID, "the running kernel" + more, state, 0);
    }

    /** What to say when its headers are not installed. */
    public KmodscopeException missing() {
        return new KmodscopeException(
                Kind.MISSING,
                "The headers of the running kernel are not installed: there is no "
                        + modules()
                        + "/build.",
                "Install them: sudo apt install linux-headers-" + release);
    }

    private Path modules() {
        return root.resolve("lib/modules").resolve(release);
    }
}
