/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An archive with newer kernels, each spread over seven packages as Debian does since 6.17, and the
 * tools that they are built with, which take the place of gcc, make and the rest.
 */
final class NewerArchive {

    private final Path root;

    private NewerArchive(Path root) {
        this.root = root;
    }

    /** Kernels in trixie-backports, tools in trixie, a newer sparse in forky. */
    static NewerArchive create(Path root, String... kernels) throws Exception {
        NewerArchive archive = new NewerArchive(root);
        DebianPool backports = new DebianPool(root, "trixie-backports");
        for (String kernel : kernels) {
            addKernel(backports, kernel, "deb13");
        }
        backports.publish();
        DebianPool trixie = new DebianPool(root, "trixie");
        addTools(trixie);
        trixie.publish();
        DebianPool forky = new DebianPool(root, "forky");
        forky.add("sparse", "2.0-1", "", forky.tree().put("usr/bin/sparse", "too new\n"));
        forky.publish();
        return archive;
    }

    /** Adds a kernel of testing, with testing's tools. */
    void addToTesting(String kernel) throws Exception {
        DebianPool forky = new DebianPool(root, "forky");
        addKernel(forky, kernel, "deb14");
        addTools(forky);
        forky.publish();
    }

    /** The environment of apt on a machine that uses this archive. */
    Map<String, String> machine() throws Exception {
        return DebianArchive.machine(root, "deb [trusted=yes] file:" + root + " bookworm main\n");
    }

    static String release(String kernel, String debian) {
        return kernel + "+" + debian + "-cloud-amd64";
    }

    private static void addKernel(DebianPool pool, String kernel, String debian) throws Exception {
        String release = release(kernel, debian);
        String version = kernel + "-1";
        String common = kernel + "+" + debian;
        String modules = "usr/lib/modules/" + release;
        String exact = " (= " + version + ")";
        pool.add(
                "linux-image-" + release,
                version,
                "dracut | initramfs-tools, linux-base-"
                        + release
                        + exact
                        + ", linux-binary-"
                        + release
                        + exact
                        + ", linux-modules-"
                        + release
                        + exact,
                pool.tree().put("usr/share/doc/linux-image/README", ""));
        pool.add(
                "linux-base-" + release,
                version,
                "",
                pool.tree().put(modules + "/modules.builtin", "").put(modules + "/config", ""));
        pool.add(
                "linux-binary-" + release,
                version,
                "",
                pool.tree().put(modules + "/vmlinuz", "image of " + kernel + "\n"));
        pool.add(
                "linux-modules-" + release,
                version,
                "",
                pool.tree()
                        .put(modules + "/kernel/README", "")
                        .put(modules + "/modules.order", ""));
        String flavour = "usr/src/linux-headers-" + release;
        pool.add(
                "linux-headers-" + release,
                version,
                "gcc-14-for-host, linux-base (>= 4.12~), linux-base-"
                        + release
                        + exact
                        + ", linux-headers-"
                        + common
                        + "-common"
                        + exact
                        + ", linux-kbuild-"
                        + common,
                pool.tree()
                        .put(flavour + "/Makefile", "")
                        .put(flavour + "/.config", "")
                        .link(modules + "/build", "/" + flavour));
        pool.add(
                "linux-headers-" + common + "-common",
                version,
                "",
                pool.tree().put("usr/src/linux-headers-" + common + "-common/Makefile", ""));
        pool.add(
                "linux-kbuild-" + common,
                version,
                "libelf1t64",
                pool.tree().put("usr/lib/linux-kbuild-" + common + "/scripts/README", ""));
    }

    private static void addTools(DebianPool pool) throws Exception {
        for (String name :
                List.of(
                        "base-files",
                        "bash",
                        "coreutils",
                        "dash",
                        "diffutils",
                        "findutils",
                        "grep",
                        "gzip",
                        "perl-base",
                        "sed")) {
            pool.add(name, "1.0-1", "", pool.tree());
        }
        pool.add("make", "1.0-1", "libc6 (>= 2.38)", pool.tree().program("usr/bin/make"));
        pool.add("mawk", "1.0-1", "libc6", pool.tree().program("usr/bin/mawk"));
        pool.add("libc6", "2.41-1", "", pool.tree().put("usr/share/doc/libc6/copyright", ""));
        pool.add("libelf1t64", "1.0-1", "libc6", pool.tree());
        pool.add("gcc-14", "14.2-1", "libc6", pool.tree().program("usr/bin/gcc-14"));
        pool.add("gcc-14-for-host", "14.2-1", "gcc-14 (= 14.2-1)", pool.tree());
        pool.add("sparse", "1.0-1", "nothing-that-is-here", pool.tree().program("usr/bin/sparse"));
    }
}
