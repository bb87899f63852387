/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * A read-only disk with a Java runtime, the bridge, and the libraries of this machine that they
 * need: a whole small root for chroot(1). Made once for each JDK and bridge, kept in the cache.
 *
 * <pre>
 * /jdk           a runtime image of jlink's, with a cache of what a start of the bridge needs
 * /kmodscope     what the bridge installs
 * /lib…, /usr/…  the C library and its loader, at their places on this machine
 * /proc /dev /tmp   empty, to mount on
 * </pre>
 */
record BridgeDisk(Path image, GuestBridge bridge) {

    private static final int KEPT = 3;

    /** Raised with what is packed, and never back. */
    private static final String FORMAT = "4";

    private static final String PROGRAM = "/kmodscope";

    /** The disk, made first when it is not in the cache. */
    static BridgeDisk require(GuestBridge bridge, CacheDirectory cache, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path jdk = Path.of(System.getProperty("java.home"));
        Path parent = cache.directory("labs");
        try {
            Path image = parent.resolve("bridge-" + key(bridge, jdk) + ".squashfs");
            try (CacheDirectory.Locked lock = cache.lock(parent.resolve("bridge.lock"), monitor)) {
                if (Files.exists(image)) {
                    Files.setLastModifiedTime(image, FileTime.from(Instant.now()));
                } else {
                    make(bridge, jdk, image, monitor);
                    removeOld(parent);
                }
            }
            return new BridgeDisk(image, bridge);
        } catch (IOException | UncheckedIOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The lab's disk with the bridge cannot be made in "
                            + parent
                            + ": "
                            + Reason.of(e)
                            + ".",
                    "Free space there, or set XDG_CACHE_HOME to another directory.",
                    e);
        }
    }

    /** What starts the bridge in the guest, where the disk is mounted at /bridge. */
    List<String> command(ArmRequest request, Wiring wiring) {
        List<String> argv = new ArrayList<>(List.of("chroot", "/bridge", "/jdk/bin/java"));
        argv.addAll(StartCache.arguments());
        argv.addAll(bridge.arguments(PROGRAM, wiring.path(Port.BRIDGE), request));
        return argv;
    }

    private static String key(GuestBridge bridge, Path jdk) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String all =
                    String.join(
                            "\0",
                            FORMAT,
                            bridge.fingerprint(),
                            bridge.modules().stream().sorted().toList().toString(),
                            jdk.toString(),
                            Runtime.version().toString());
            return HexFormat.of()
                    .formatHex(digest.digest(all.getBytes(StandardCharsets.UTF_8)), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void make(GuestBridge bridge, Path jdk, Path image, IProgressMonitor monitor)
            throws IOException, KmodscopeException, InterruptedException {
        SubMonitor progress = SubMonitor.convert(monitor, "Making the bridge's disk", 100);
        Path work = Files.createTempDirectory(image.getParent(), "new-");
        try {
            Path root = Files.createDirectory(work.resolve("root"));
            progress.subTask("Linking a Java runtime for the lab");
            link(bridge, jdk, root.resolve("jdk"), progress.split(50));
            bridge.install(Files.createDirectory(root.resolve(PROGRAM.substring(1))));
            for (String name : List.of("proc", "dev", "tmp")) {
                Files.createDirectory(root.resolve(name));
            }
            Path stage = Files.createDirectory(work.resolve("stage"));
            StartCache.make(bridge, root, PROGRAM, stage, progress.split(10));
            progress.subTask("Collecting libraries for the lab");
            SharedLibraries.copyInto(root, progress.split(10));
            progress.subTask("Packing the lab's disk");
            Path file = work.resolve("image");
            run(
                    HostCommand.of(
                                    "mksquashfs",
                                    root.toString(),
                                    file.toString(),
                                    "-comp",
                                    "lz4",
                                    "-noappend",
                                    "-no-progress",
                                    "-all-root",
                                    "-quiet")
                            .providedBy("squashfs-tools"),
                    "pack the disk",
                    "Free space in the cache, and try again.",
                    progress.split(30));
            Files.move(file, image, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Directories.delete(work);
        }
    }

    private static void link(GuestBridge bridge, Path jdk, Path into, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path jlink = jdk.resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The Java of this kmodscope, " + jdk + ", has no jlink to make a runtime with.",
                    "Run kmodscope with a JDK, 21 or newer, not with a JRE.");
        }
        run(
                HostCommand.of(
                        jlink.toString(),
                        "--add-modules",
                        String.join(",", bridge.modules().stream().sorted().toList()),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        into.toString()),
                "link a Java runtime",
                "Run kmodscope with a complete JDK, 21 or newer.",
                monitor);
    }

    private static void run(
            HostCommand command, String purpose, String remedy, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Captured done = command.capture(monitor);
        if (done.exit() != 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "It was not possible to " + purpose + " for the lab: " + done.words(),
                    remedy);
        }
    }

    /** One that a running lab uses is only unlinked. */
    private static void removeOld(Path parent) throws IOException {
        List<Path> images;
        try (Stream<Path> files = Files.list(parent)) {
            images =
                    files.filter(file -> file.toString().endsWith(".squashfs"))
                            .sorted(Comparator.comparing(BridgeDisk::used).reversed())
                            .toList();
        }
        for (Path image : images.subList(Math.min(KEPT, images.size()), images.size())) {
            Files.deleteIfExists(image);
        }
    }

    private static FileTime used(Path image) {
        try {
            return Files.getLastModifiedTime(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
