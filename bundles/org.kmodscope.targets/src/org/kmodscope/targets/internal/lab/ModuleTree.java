/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZUtils;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;

/**
 * A kernel's own modules: which file holds one, and what it needs first (modules.dep(5),
 * modules.builtin of Documentation/kbuild/kbuild.rst).
 */
final class ModuleTree {

    private record Entry(String file, List<String> needs) {}

    private final String kernelId;
    private final Path directory;
    private final Map<String, Entry> byName = new HashMap<>();
    private final Map<String, Entry> byFile = new HashMap<>();
    private final Set<String> builtIn = new HashSet<>();

    private ModuleTree(String kernelId, Path directory) {
        this.kernelId = kernelId;
        this.directory = directory;
    }

    /**
     * Reads a kernel's lists.
     *
     * @throws KmodscopeException MISSING when the kernel has none
     */
    static ModuleTree of(Kernel kernel) throws KmodscopeException {
        Path directory =
                kernel.modules()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                Kind.MISSING,
                                                "The kernel "
                                                        + kernel.id()
                                                        + " has no modules: it can be built for,"
                                                        + " but not booted.",
                                                "Choose another kernel: kmodscope kernels lists"
                                                        + " them."));
        ModuleTree tree = new ModuleTree(kernel.id(), directory);
        try {
            if (!tree.built()) {
                for (String line : Files.readAllLines(directory.resolve("modules.dep"))) {
                    tree.addDependencies(line);
                }
            }
            for (String line : Files.readAllLines(directory.resolve("modules.builtin"))) {
                if (!line.isBlank()) {
                    tree.builtIn.add(name(line.strip()));
                }
            }
        } catch (IOException e) {
            throw tree.unreadable("lists of modules", e);
        }
        return tree;
    }

    /**
     * Whether this is a tree that a user built, not one that was installed: depmod never saw its
     * modules, so only what is built in can be counted on.
     */
    private boolean built() {
        return Files.isRegularFile(directory.resolve("Makefile"));
    }

    private void addDependencies(String line) throws IOException {
        if (line.isBlank()) {
            return;
        }
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw new IOException("modules.dep has the line \"" + line + '"');
        }
        String file = line.substring(0, colon).strip();
        String rest = line.substring(colon + 1).strip();
        Entry entry = new Entry(file, rest.isEmpty() ? List.of() : List.of(rest.split("\\s+")));
        byName.put(name(file), entry);
        byFile.put(file, entry);
    }

    /** Whether the kernel has all of these, as modules or built in. */
    boolean has(List<String> names) {
        return names.stream().allMatch(name -> builtIn.contains(name) || byName.containsKey(name));
    }

    /**
     * The files to load, in an order in which each finds what it needs; modules that are built into
     * the kernel are left out.
     *
     * @throws KmodscopeException MISSING when the kernel has no such module
     */
    List<Path> inLoadOrder(List<String> names) throws KmodscopeException {
        Set<String> files = new LinkedHashSet<>();
        for (String name : names) {
            if (!builtIn.contains(name)) {
                add(entry(Optional.ofNullable(byName.get(name)), name), files, new HashSet<>());
            }
        }
        return files.stream().map(directory::resolve).toList();
    }

    private void add(Entry entry, Set<String> files, Set<String> above) throws KmodscopeException {
        if (files.contains(entry.file()) || !above.add(entry.file())) {
            return;
        }
        for (String needed : entry.needs()) {
            add(entry(Optional.ofNullable(byFile.get(needed)), needed), files, above);
        }
        files.add(entry.file());
    }

    private Entry entry(Optional<Entry> entry, String name) throws KmodscopeException {
        return entry.orElseThrow(
                () ->
                        new KmodscopeException(
                                Kind.MISSING,
                                "The kernel "
                                        + kernelId
                                        + " has no module "
                                        + name
                                        + (built() ? " built in" : "")
                                        + ", which a lab needs.",
                                built()
                                        ? "Build it in: make kvm_guest.config, CONFIG_VIRTIO_PCI=y"
                                                + " and CONFIG_VIRTIO_CONSOLE=y; then make again."
                                        : "Choose another kernel, or fetch it again: kmodscope"
                                                + " kernels --remove and --fetch."));
    }

    /**
     * The module's content, decompressed.
     *
     * @throws KmodscopeException MISSING when it cannot be read or its compression is not known
     */
    byte[] read(Path file) throws KmodscopeException {
        String name = String.valueOf(file.getFileName());
        try (InputStream in = Files.newInputStream(file)) {
            if (name.endsWith(".ko")) {
                return in.readAllBytes();
            }
            if (name.endsWith(".gz")) {
                return new GZIPInputStream(in).readAllBytes();
            }
            if (name.endsWith(".xz") && XZUtils.isXZCompressionAvailable()) {
                try (XZCompressorInputStream xz = new XZCompressorInputStream(in)) {
                    return xz.readAllBytes();
                }
            }
            throw new IOException("nothing here decompresses such a file");
        } catch (IOException e) {
            throw unreadable("module " + name, e);
        }
    }

    private KmodscopeException unreadable(String what, IOException cause) {
        return new KmodscopeException(
                Kind.MISSING,
                "The " + what + " of kernel " + kernelId + " cannot be read: " + cause + ".",
                "Fetch the kernel again: kmodscope kernels --remove and --fetch.",
                cause);
    }

    /** A module's name, as the kernel has it, from its file's. */
    private static String name(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        int end = name.indexOf(".ko");
        return (end < 0 ? name : name.substring(0, end)).replace('-', '_');
    }
}
