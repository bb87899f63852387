/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * A small Debian archive on disk, with kernel packages of the shape that Debian's have, and the apt
 * configuration of a machine that uses it. apt fetches them as from any mirror.
 */
final class DebianArchive {

    static final String RELEASE = "6.1.0-99-cloud-amd64";

    private static final String COMMON = "6.1.0-99-common";
    private static final String VERSION = "6.1.99-1";

    private final Path root;
    private final DebianPool pool;

    private DebianArchive(Path root) {
        this.root = root;
        this.pool = new DebianPool(root, "bookworm");
    }

    /**
     * An archive with a kernel.
     *
     * @param extraBytes how much larger the image's files are than its package says
     */
    static DebianArchive create(Path root, int extraBytes) throws Exception {
        DebianArchive archive = new DebianArchive(root);
        archive.addKernel(extraBytes);
        archive.pool.publish();
        return archive;
    }

    private void addKernel(int extraBytes) throws Exception {
        DebianPool.Tree image =
                pool.tree()
                        .put("boot/vmlinuz-" + RELEASE, "an image\n")
                        .put("lib/modules/" + RELEASE + "/modules.order", "")
                        .put("lib/modules/" + RELEASE + "/modules.builtin", "")
                        .put("lib/modules/" + RELEASE + "/kernel/README", "")
                        .put("usr/share/doc/linux-image/changelog", "documentation\n");
        if (extraBytes > 0) {
            byte[] noise = new byte[extraBytes];
            new Random(1).nextBytes(noise); // which does not compress
            Files.write(image.path().resolve("boot/big"), noise);
        }
        pool.add("linux-image-" + RELEASE, VERSION, "kmod", image);
        String flavour = "usr/src/linux-headers-" + RELEASE;
        pool.add(
                "linux-headers-" + RELEASE,
                VERSION,
                "linux-headers-"
                        + COMMON
                        + " (= 6.1.99-1), linux-kbuild-6.1 (>= 6.1.99-1),"
                        + " linux-compiler-gcc-12-x86",
                pool.tree()
                        .put(
                                flavour + "/Makefile",
                                "include /usr/src/linux-headers-" + COMMON + "/Makefile\n")
                        .put(flavour + "/.config", "CONFIG_X=y\n")
                        .link(flavour + "/scripts", "../../lib/linux-kbuild-6.1")
                        .link("lib/modules/" + RELEASE + "/build", "/" + flavour)
                        .link("lib/modules/" + RELEASE + "/elsewhere", "/nowhere/at/all"));
        pool.add(
                "linux-headers-" + COMMON,
                VERSION,
                "",
                pool.tree()
                        .put(
                                "usr/src/linux-headers-" + COMMON + "/Makefile",
                                "where := $(realpath $(dir $(lastword $(MAKEFILE_LIST))))\n"
                                        + "where:\n\t@echo common $(where)\n"));
        pool.add(
                "linux-kbuild-6.1",
                VERSION,
                "",
                pool.tree().put("usr/lib/linux-kbuild-6.1/scripts/README", ""));
        // An older one, as archives keep them, and one that is no image to boot.
        String older = RELEASE.replace("-99-", "-9-");
        pool.add("linux-image-" + older, "6.1.9-1", "kmod", pool.tree());
        pool.add("linux-image-" + RELEASE + "-dbg", VERSION, "", pool.tree());
    }

    /** The environment on a machine that uses this archive. */
    Map<String, String> machine() throws Exception {
        return machine("deb [trusted=yes] file:" + root + " bookworm main\n");
    }

    /** The environment on a machine with this sources.list. */
    Map<String, String> machine(String sourcesList) throws Exception {
        return machine(root, sourcesList);
    }

    /** The same for an archive at a place. */
    static Map<String, String> machine(Path root, String sourcesList) throws Exception {
        Path etc = Files.createDirectories(root.resolve("etc"));
        Files.writeString(etc.resolve("sources.list"), sourcesList);
        Path configuration = etc.resolve("apt.conf");
        Files.writeString(
                configuration,
                "Dir::Etc::sourcelist \""
                        + etc.resolve("sources.list")
                        + "\";\n"
                        + "Dir::Etc::sourceparts \""
                        + etc.resolve("parts")
                        + "\";\n");
        return Map.of("APT_CONFIG", configuration.toString(), "XDG_CONFIG_HOME", etc.toString());
    }

    /** The file of a package in the pool. */
    Path deb(String name) {
        return pool.deb(name);
    }

    /** Takes a package's file as it is now into the lists, as a mirror with a bad package would. */
    void relist(String name) throws Exception {
        pool.relist(name);
    }
}
