/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Toolchain;
import org.kmodscope.core.process.HostCommand;

/**
 * Runs build tools in a root of their own, by bubblewrap (bwrap(1)), which needs no root rights:
 * they see the toolchain, the kernel's packages and one directory of the build, each at the path
 * that it has here, so that what they print names files as users know them. They reach no network
 * and nothing else of this machine, and end with their owner.
 *
 * <pre>
 * /usr, /etc            of the toolchain, read-only; /bin, /lib … are links, as Debian has them
 * /proc, /dev, /tmp     their own
 * the kernel            at its own path, read-only
 * the build             at its own path, writable
 * </pre>
 *
 * @param toolchain the tools
 * @param build the one directory that they may write to
 */
record ToolRoom(Toolchain toolchain, Path build) {

    private static final String PATH = "/usr/bin:/usr/sbin";

    /** A command as it is to be run on this machine, so that it runs inside. */
    HostCommand command(List<String> inside) {
        Path root = toolchain.root();
        List<String> argv = new ArrayList<>();
        argv.add("bwrap");
        argv.addAll(List.of("--unshare-all", "--die-with-parent", "--new-session"));
        argv.addAll(List.of("--ro-bind", root.resolve("usr").toString(), "/usr"));
        argv.addAll(List.of("--ro-bind", root.resolve("etc").toString(), "/etc"));
        for (String merged : List.of("bin", "sbin", "lib", "lib64")) {
            argv.addAll(List.of("--symlink", "usr/" + merged, "/" + merged));
        }
        argv.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"));
        String kernel = toolchain.kernel().toString();
        argv.addAll(List.of("--ro-bind", kernel, kernel));
        argv.addAll(List.of("--bind", build.toString(), build.toString()));
        argv.addAll(List.of("--chdir", build.toString(), "--clearenv"));
        argv.addAll(List.of("--setenv", "PATH", PATH, "--setenv", "LC_ALL", "C.UTF-8"));
        // There is no dpkg in there to ask.
        argv.addAll(List.of("--setenv", "DEB_BUILD_ARCH", "amd64"));
        argv.addAll(inside);
        return HostCommand.of(argv).in(build).providedBy("bubblewrap");
    }

    /** What a line of output says about this machine's refusal to make such a room. */
    static Optional<KmodscopeException> refusal(String line) {
        if (!line.startsWith("bwrap: ")) {
            return Optional.empty();
        }
        return Optional.of(
                new KmodscopeException(
                        Kind.MISSING,
                        "This machine does not let users run tools in a root of their own, which"
                                + " newer kernels are built with: "
                                + line,
                        "Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, or"
                                + " kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu; in a"
                                + " container a /proc of their own, too: docker run"
                                + " --security-opt systempaths=unconfined), or build for an older"
                                + " kernel: kmodscope kernels lists them."));
    }
}
