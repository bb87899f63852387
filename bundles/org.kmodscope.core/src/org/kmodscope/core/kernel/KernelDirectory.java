/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;

/**
 * A kernel build directory that somebody else made: an installed header package, or a built source
 * tree.
 *
 * @param headers the directory for {@code make -C}
 * @param release what {@code uname -r} prints on this kernel
 */
public record KernelDirectory(Path headers, String release) {

    /** Of a configuration, to what {@code uname -m} prints. */
    private static final Map<String, String> MACHINES =
            Map.of(
                    "CONFIG_X86_64=y", "x86_64",
                    "CONFIG_ARM64=y", "aarch64",
                    "CONFIG_ARM=y", "armv7l",
                    "CONFIG_RISCV=y", "riscv64",
                    "CONFIG_PPC64=y", "ppc64le",
                    "CONFIG_S390=y", "s390x");

    private static final Pattern RELEASE = Pattern.compile("[A-Za-z0-9._+~-]{1,64}");
    private static final Pattern SET_COMPILER =
            Pattern.compile("(?m)^\\s*(?:override )?CC\\s*[:?]?=.*?((?:gcc|clang)(?:-\\d+)?)\\s*$");

    /**
     * Looks at a directory that a user names, or the {@code build} link of an installed kernel.
     *
     * @throws KmodscopeException USAGE when it is no kernel build directory
     */
    public static KernelDirectory read(Path directory) throws KmodscopeException {
        Path file = directory.resolve("include/config/kernel.release");
        try {
            Path headers = directory.toRealPath();
            if (Files.isRegularFile(headers.resolve("Makefile"))) {
                checkModules(headers);
                return new KernelDirectory(headers, release(headers));
            }
            file = headers.resolve("Makefile");
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    directory + " is no kernel build directory: " + file + " cannot be read.",
                    "Name a directory that modules can be built against, such as"
                            + " /lib/modules/RELEASE/build, or a kernel source tree after"
                            + " \"make modules_prepare\".",
                    e);
        }
        throw new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                directory + " is no kernel build directory: " + file + " is not there.",
                "Name a directory that modules can be built against, such as"
                        + " /lib/modules/RELEASE/build.");
    }

    /**
     * The compiler that the directory's own makefiles choose: Debian's header packages name the one
     * their kernel was built with in {@code .kernelvariables}.
     *
     * @throws KmodscopeException USAGE when the file is there and cannot be read
     */
    public static Optional<String> compilerOf(Path headers) throws KmodscopeException {
        Path variables = headers.resolve(".kernelvariables");
        if (!Files.isRegularFile(variables)) {
            return Optional.empty();
        }
        try {
            Matcher matcher = SET_COMPILER.matcher(Files.readString(variables));
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    variables + " cannot be read: " + e.getMessage() + ".",
                    "Correct its permissions.",
                    e);
        }
    }

    /**
     * This directory as a kernel to build for. A built source tree gives its bootable image, too,
     * with the list of what is built into it. Of this machine's kind that may be vmlinux alone,
     * which QEMU boots when it was built with CONFIG_PVH.
     *
     * @param id the name users type
     */
    public Kernel asKernel(String id) {
        Optional<CrossBuild> cross = crossOf(headers);
        Kernel kernel =
                new Kernel(
                        id,
                        release,
                        headers,
                        Optional.empty(),
                        image("arch/x86/boot/bzImage")
                                .or(() -> image("arch/arm64/boot/Image"))
                                .or(() -> cross.isEmpty() ? image("vmlinux") : Optional.empty()),
                        Optional.of(headers)
                                .filter(tree -> Files.isReadable(tree.resolve("modules.builtin"))));
        return cross.map(kernel::withCross).orElse(kernel);
    }

    private Optional<Path> image(String file) {
        return Optional.of(headers.resolve(file)).filter(Files::isReadable);
    }

    /**
     * How to build for the kind of processor that a directory is configured for; empty where that
     * is this machine's, or is not to be found out.
     */
    public static Optional<CrossBuild> crossOf(Path headers) {
        try (Stream<String> lines =
                Files.lines(headers.resolve("include/config/auto.conf"), StandardCharsets.UTF_8)) {
            return lines.map(line -> Optional.ofNullable(MACHINES.get(line)))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .filter(machine -> !machine.equals(CrossBuild.ownMachine()))
                    .flatMap(CrossBuild::forMachine);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // make says it better
        }
    }

    /** kbuild would refuse, too, but in words that do not say which kernel it is. */
    private static void checkModules(Path headers) throws KmodscopeException, IOException {
        Path configuration = headers.resolve(".config");
        if (!Files.isRegularFile(configuration)) {
            return;
        }
        try (Stream<String> lines = Files.lines(configuration, StandardCharsets.ISO_8859_1)) {
            if (lines.anyMatch("CONFIG_MODULES=y"::equals)) {
                return;
            }
        } catch (UncheckedIOException e) {
            throw new IOException(e);
        }
        throw new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "The kernel of " + headers + " has no modules: CONFIG_MODULES is not set there.",
                "Set CONFIG_MODULES=y and build that kernel again, or name another one.");
    }

    private static String release(Path headers) throws IOException {
        Path file = headers.resolve("include/config/kernel.release");
        if (Files.isRegularFile(file)) {
            return valid(Files.readString(file).strip());
        }
        // Debian's header packages have the generated header only.
        Path generated = headers.resolve("include/generated/utsrelease.h");
        Matcher matcher =
                Pattern.compile("#define UTS_RELEASE \"([^\"]+)\"")
                        .matcher(Files.readString(generated));
        if (!matcher.find()) {
            throw new IOException("no UTS_RELEASE in " + generated);
        }
        return valid(matcher.group(1));
    }

    private static String valid(String release) throws IOException {
        if (!RELEASE.matcher(release).matches()) {
            throw new IOException("no kernel release: " + release);
        }
        return release;
    }
}
