/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * A small Debian archive on disk, with kernel packages of the shape that Debian's have, and the apt
 * configuration of a machine that uses it. Packages are real ones, made by dpkg-deb; apt fetches
 * them as from any mirror.
 */
final class DebianArchive {

    static final String RELEASE = "6.1.0-99-cloud-amd64";

    private static final String COMMON = "6.1.0-99-common";

    private final Path root;
    private final Map<String, String> stanzas = new LinkedHashMap<>();

    private DebianArchive(Path root) {
        this.root = root;
    }

    /**
     * An archive with a kernel.
     *
     * @param extraBytes how much larger the image's files are than its package says
     */
    static DebianArchive create(Path root, int extraBytes) throws Exception {
        DebianArchive archive = new DebianArchive(root);
        Path image = archive.tree("image");
        archive.put(image, "boot/vmlinuz-" + RELEASE, "an image\n");
        archive.put(image, "lib/modules/" + RELEASE + "/modules.order", "");
        archive.put(image, "lib/modules/" + RELEASE + "/modules.builtin", "");
        archive.put(image, "lib/modules/" + RELEASE + "/kernel/README", "");
        archive.put(image, "usr/share/doc/linux-image/changelog", "documentation\n");
        if (extraBytes > 0) {
            Files.write(image.resolve("boot/big"), new byte[extraBytes]);
        }
        archive.add("linux-image-" + RELEASE, "kmod", image);

        Path headers = archive.tree("headers");
        archive.put(
                headers,
                "usr/src/linux-headers-" + RELEASE + "/Makefile",
                "include /usr/src/linux-headers-" + COMMON + "/Makefile\n");
        archive.put(headers, "usr/src/linux-headers-" + RELEASE + "/.config", "CONFIG_X=y\n");
        link(
                headers,
                "usr/src/linux-headers-" + RELEASE + "/scripts",
                "../../lib/linux-kbuild-6.1");
        link(headers, "lib/modules/" + RELEASE + "/build", "/usr/src/linux-headers-" + RELEASE);
        link(headers, "lib/modules/" + RELEASE + "/elsewhere", "/nowhere/at/all");
        archive.add(
                "linux-headers-" + RELEASE,
                "linux-headers-"
                        + COMMON
                        + " (= 6.1.99-1), linux-kbuild-6.1 (>= 6.1.99-1),"
                        + " linux-compiler-gcc-12-x86",
                headers);

        Path common = archive.tree("common");
        archive.put(
                common,
                "usr/src/linux-headers-" + COMMON + "/Makefile",
                "where := $(realpath $(dir $(lastword $(MAKEFILE_LIST))))\n"
                        + "where:\n\t@echo common $(where)\n");
        archive.add("linux-headers-" + COMMON, "", common);

        Path kbuild = archive.tree("kbuild");
        archive.put(kbuild, "usr/lib/linux-kbuild-6.1/scripts/README", "");
        archive.add("linux-kbuild-6.1", "", kbuild);

        archive.add(
                "linux-image-cloud-amd64",
                "linux-image-" + RELEASE + " (= 6.1.99-1)",
                archive.tree("meta"));
        archive.publish();
        return archive;
    }

    /** The environment of apt on a machine that uses this archive. */
    Map<String, String> machine() throws Exception {
        return machine("deb [trusted=yes] file:" + root + " bookworm main\n");
    }

    /** The environment of apt on a machine with this sources.list. */
    Map<String, String> machine(String sourcesList) throws Exception {
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
        return Map.of("APT_CONFIG", configuration.toString());
    }

    /** The file of a package in the pool. */
    Path deb(String name) {
        return root.resolve("pool").resolve(name + "_6.1.99-1_amd64.deb");
    }

    /** Takes a package's file as it is now into the lists, as a mirror with a bad package would. */
    void relist(String name) throws Exception {
        String stanza = stanzas.get(name);
        stanzas.put(name, stanza.substring(0, stanza.indexOf("Filename:")) + listing(name));
        publish();
    }

    private Path tree(String name) throws Exception {
        return Files.createDirectories(root.resolve("trees").resolve(name));
    }

    private void put(Path tree, String name, String text) throws Exception {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void link(Path tree, String name, String target) throws Exception {
        Path link = tree.resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }

    private void add(String name, String depends, Path tree) throws Exception {
        String control =
                "Package: "
                        + name
                        + "\nVersion: 6.1.99-1\nArchitecture: amd64\nInstalled-Size: 64\n"
                        + "Maintainer: Nobody <nobody@example.org>\n"
                        + (depends.isEmpty() ? "" : "Depends: " + depends + "\n")
                        + "Description: a test\n";
        put(tree, "DEBIAN/control", control);
        Files.createDirectories(deb(name).getParent());
        Captured built =
                HostCommand.of(
                                "dpkg-deb",
                                "--root-owner-group",
                                "-Zgzip",
                                "-b",
                                tree.toString(),
                                deb(name).toString())
                        .capture(new NullProgressMonitor());
        assertEquals(0, built.exit(), built.words());
        stanzas.put(name, control + listing(name));
    }

    private String listing(String name) throws Exception {
        return "Filename: "
                + root.relativize(deb(name))
                + "\n"
                + hashes(deb(name), "Size", "SHA256");
    }

    private void publish() throws Exception {
        Path suite = root.resolve("dists/bookworm");
        Path packages = suite.resolve("main/binary-amd64/Packages");
        Files.createDirectories(packages.getParent());
        Files.writeString(packages, String.join("\n", stanzas.values()));
        byte[] bytes = Files.readAllBytes(packages);
        Files.writeString(
                suite.resolve("Release"),
                "Origin: Test\nSuite: bookworm\nCodename: bookworm\nArchitectures: amd64\n"
                        + "Components: main\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n "
                        + sha256(bytes)
                        + " "
                        + bytes.length
                        + " main/binary-amd64/Packages\n");
    }

    private static String hashes(Path file, String size, String hash) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        return size + ": " + bytes.length + "\n" + hash + ": " + sha256(bytes) + "\n";
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
