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

/** A package archive on disk, one suite of it: real packages, made by dpkg-deb, and their lists. */
final class DebianPool {

    private final Path root;
    private final String suite;
    private final Map<String, String> stanzas = new LinkedHashMap<>();
    private int trees;

    /**
     * @param root of the archive, which several suites may share
     */
    DebianPool(Path root, String suite) {
        this.root = root;
        this.suite = suite;
    }

    /** The files of a package that is being made. */
    Tree tree() throws Exception {
        trees++;
        return new Tree(Files.createDirectories(root.resolve("trees/" + suite + "/" + trees)));
    }

    /** The files of one package. */
    record Tree(Path path) {

        Tree put(String name, String text) throws Exception {
            Path file = path.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        }

        Tree program(String name) throws Exception {
            put(name, "#!/bin/sh\n");
            assertEquals(true, path.resolve(name).toFile().setExecutable(true));
            return this;
        }

        Tree link(String name, String target) throws Exception {
            Path link = path.resolve(name);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
            return this;
        }
    }

    /** Makes a package; {@link #publish} has it listed. */
    void add(String name, String version, String depends, Tree tree) throws Exception {
        String control =
                "Package: "
                        + name
                        + "\nVersion: "
                        + version
                        + "\nArchitecture: amd64\nInstalled-Size: 64\n"
                        + "Maintainer: Nobody <nobody@example.org>\n"
                        + (depends.isEmpty() ? "" : "Depends: " + depends + "\n")
                        + "Description: a test\n";
        tree.put("DEBIAN/control", control);
        Path deb = root.resolve("pool/" + suite + "/" + name + "_" + version + "_amd64.deb");
        Files.createDirectories(deb.getParent());
        Captured built =
                HostCommand.of(
                                "dpkg-deb",
                                "--root-owner-group",
                                "-Zgzip",
                                "-b",
                                tree.path().toString(),
                                deb.toString())
                        .capture(new NullProgressMonitor());
        assertEquals(0, built.exit(), built.words());
        stanzas.put(name, control + listing(deb));
    }

    /** The file of a package in the pool. */
    Path deb(String name) {
        String stanza = stanzas.get(name);
        String file = stanza.substring(stanza.indexOf("Filename: ") + "Filename: ".length());
        return root.resolve(file.substring(0, file.indexOf('\n')));
    }

    /** Takes a package's file as it is now into the lists, as a mirror with a bad package would. */
    void relist(String name) throws Exception {
        String stanza = stanzas.get(name);
        stanzas.put(name, stanza.substring(0, stanza.indexOf("Filename:")) + listing(deb(name)));
        publish();
    }

    /** Writes the lists of the suite. */
    void publish() throws Exception {
        Path dist = root.resolve("dists").resolve(suite);
        Path packages = dist.resolve("main/binary-amd64/Packages");
        Files.createDirectories(packages.getParent());
        Files.writeString(packages, String.join("\n", stanzas.values()));
        byte[] bytes = Files.readAllBytes(packages);
        Files.writeString(
                dist.resolve("Release"),
                "Origin: Test\nSuite: "
                        + suite
                        + "\nCodename: "
                        + suite
                        + "\nArchitectures: amd64\n"
                        + "Components: main\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n "
                        + sha256(bytes)
                        + " "
                        + bytes.length
                        + " main/binary-amd64/Packages\n");
    }

    private String listing(Path deb) throws Exception {
        byte[] bytes = Files.readAllBytes(deb);
        return "Filename: "
                + root.relativize(deb)
                + "\nSize: "
                + bytes.length
                + "\nSHA256: "
                + sha256(bytes)
                + "\n";
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
