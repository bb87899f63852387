/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * A directory that kernel packages are unpacked into and made to work from, wherever it is moved.
 * Debian's packages expect to lie at {@code /usr/src} and {@code /lib/modules}.
 */
final class KernelTree {

    private static final String ROOT = "root";

    private final Path directory;

    KernelTree(Path directory) {
        this.directory = directory;
    }

    /** What packages are unpacked into. */
    Path root() {
        return directory.resolve(ROOT);
    }

    /**
     * Makes the unpacked packages usable here and writes the manifest.
     *
     * @param tools what modules are built with, if not with the host's tools
     * @throws KmodscopeException MISSING when the packages do not hold what a kernel needs
     */
    KernelManifest complete(
            String id, KernelPackages packages, Optional<Tools> tools, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        Path root = root();
        String release = packages.release();
        // Documentation only: nothing reads it here.
        Directories.delete(root.resolve("usr/share"));
        // From Debian 13 on, packages have what was in /lib in /usr/lib.
        if (!Files.exists(root.resolve("lib"), LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
        }
        relink(root);
        Path headers = root.resolve("usr/src/linux-headers-" + release);
        if (Files.isRegularFile(headers.resolve("Makefile"))) {
            relocate(headers.resolve("Makefile"));
        }
        addChecker(root);
        Path modules = root.resolve("lib/modules/" + release);
        if (Files.isDirectory(modules)) {
            dependencies(root, release, monitor);
        }
        Path image = modules.resolve("vmlinuz");
        if (!Files.isRegularFile(image)) {
            image = root.resolve("boot/vmlinuz-" + release);
        }
        KernelManifest manifest =
                new KernelManifest(
                        id,
                        release,
                        directory.relativize(headers).toString(),
                        directory.relativize(image).toString(),
                        directory.relativize(modules).toString(),
                        tools,
                        Packages.size(root),
                        String.join(
                                " ", packages.all().stream().map(DebianPackage::exact).toList()));
        if (!manifest.matches(directory)) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The packages of "
                            + id
                            + " ("
                            + manifest.packages()
                            + ") do not hold headers, image and modules where they are expected.",
                    "Report this with the versions above; use another kernel meanwhile.");
        }
        manifest.write(directory);
        return manifest;
    }

    /**
     * The makefile of a flavour includes the common one by its installed path. The path is computed
     * instead, from where the makefile is.
     */
    private static void relocate(Path makefile) throws IOException {
        String text = Files.readString(makefile);
        Files.writeString(
                makefile,
                "kmodscope-src := $(realpath $(dir $(realpath $(lastword $(MAKEFILE_LIST))))..)\n"
                        + text.replace("/usr/src/", "$(kmodscope-src)/"));
    }

    /** Makes absolute links within the packages relative to where they are now. */
    private static void relink(Path root) throws IOException {
        List<Path> links;
        try (Stream<Path> all = Files.walk(root)) {
            links = all.filter(Files::isSymbolicLink).toList();
        }
        for (Path link : links) {
            Path target = Files.readSymbolicLink(link);
            Path inside = root.resolve(target.toString().replaceFirst("^/+", ""));
            Path parent = link.getParent();
            if (target.isAbsolute() && parent != null) {
                Files.delete(link);
                if (Files.exists(inside, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(link, parent.relativize(inside));
                }
            }
        }
    }

    /**
     * Header packages omit this script, and without it {@code make C=1} silently checks nothing
     * (Makefile, "checker-valid").
     */
    private static void addChecker(Path root) throws IOException {
        Path lib = root.resolve("usr/lib");
        if (!Files.isDirectory(lib)) {
            return;
        }
        try (Stream<Path> children = Files.list(lib)) {
            for (Path kbuild : children.toList()) {
                Path script = kbuild.resolve("scripts/checker-valid.sh");
                if (Files.isDirectory(kbuild.resolve("scripts")) && !Files.exists(script)) {
                    Files.writeString(script, "#!/bin/sh\necho 1\n");
                    Files.setPosixFilePermissions(
                            script, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }

    /** The image package has depmod run when it is installed. */
    private static void dependencies(Path root, String release, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Captured end =
                HostCommand.of("depmod", "-b", root.toString(), release)
                        .providedBy("kmod")
                        .capture(monitor);
        if (end.exit() != 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "depmod failed on the modules of " + release + ": " + end.words() + ".",
                    "See whether depmod of this machine is in order (package kmod).");
        }
    }
}
