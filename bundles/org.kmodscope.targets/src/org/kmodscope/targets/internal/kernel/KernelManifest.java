/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.kernel.Toolchain;

/**
 * What a directory of the store holds; the last file to be written there. Its paths are relative,
 * so that a cache may be copied to another place.
 *
 * @param id the kernel's name
 * @param release what {@code uname -r} prints on it
 * @param headers the directory for {@code make -C}
 * @param image the bootable image
 * @param modules the directory of its modules
 * @param tools what modules for it are built with; empty for the host's own
 * @param bytes what all of it takes
 * @param packages the packages it was made of, with versions
 */
record KernelManifest(
        String id,
        String release,
        String headers,
        String image,
        String modules,
        Optional<Tools> tools,
        long bytes,
        String packages) {

    private static final String FILE = "manifest.properties";

    /** The manifest of a directory; empty when there is none, or what it names is not there. */
    static Optional<KernelManifest> read(Path directory) throws IOException {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve(FILE))) {
            read.load(reader);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // damaged: it is fetched again
        }
        String bytes = read.getProperty("bytes", "");
        KernelManifest manifest =
                new KernelManifest(
                        read.getProperty("id", ""),
                        read.getProperty("release", ""),
                        read.getProperty("headers", ""),
                        read.getProperty("image", ""),
                        read.getProperty("modules", ""),
                        tools(read),
                        bytes.matches("\\d{1,15}") ? Long.parseLong(bytes) : 0,
                        read.getProperty("packages", ""));
        return manifest.matches(directory) ? Optional.of(manifest) : Optional.empty();
    }

    private static Optional<Tools> tools(Properties read) {
        String name = read.getProperty("toolchain", "");
        return name.matches("[a-z0-9][a-z0-9.-]*")
                ? Optional.of(new Tools(name, read.getProperty("compiler", "")))
                : Optional.empty();
    }

    void write(Path directory) throws IOException {
        Properties written = new Properties();
        written.setProperty("id", id);
        written.setProperty("release", release);
        written.setProperty("headers", headers);
        written.setProperty("image", image);
        written.setProperty("modules", modules);
        tools.ifPresent(
                with -> {
                    written.setProperty("toolchain", with.name());
                    written.setProperty("compiler", with.compiler());
                });
        written.setProperty("bytes", Long.toString(bytes));
        written.setProperty("packages", packages);
        try (Writer writer = Files.newBufferedWriter(directory.resolve(FILE))) {
            written.store(writer, null);
        }
    }

    /** Whether everything that it names is there. */
    boolean matches(Path directory) {
        return !release.isEmpty()
                && Files.isRegularFile(directory.resolve(headers).resolve("Makefile"))
                && Files.isRegularFile(directory.resolve(headers).resolve(".config"))
                && Files.isReadable(directory.resolve(image))
                && Files.isRegularFile(directory.resolve(modules).resolve("modules.dep"))
                && Files.isDirectory(directory.resolve(modules).resolve("kernel"));
    }

    /**
     * The kernel that it describes.
     *
     * @param directory where it is
     * @param hostCompiler what this machine builds for it with, where it can
     * @param toolchains the directory of all toolchains
     */
    Kernel kernel(Path directory, Optional<String> hostCompiler, Path toolchains) {
        Kernel kernel =
                new Kernel(
                        id,
                        release,
                        directory.resolve(headers),
                        tools.map(Tools::compiler).or(() -> hostCompiler),
                        Optional.of(directory.resolve(image)),
                        Optional.of(directory.resolve(modules)),
                        tools.map(
                                with -> new Toolchain(toolchains.resolve(with.name()), directory)));
        return KernelDirectory.crossOf(kernel.headers()).map(kernel::withCross).orElse(kernel);
    }
}
