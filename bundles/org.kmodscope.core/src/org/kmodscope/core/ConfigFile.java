/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * A file with what a user has told kmodscope, which the command line and the IDE share. Unlike the
 * {@linkplain CacheDirectory cache} it cannot be made again.
 *
 * @param path need not be there
 */
public record ConfigFile(Path path) {

    /**
     * The user's: {@code ${XDG_CONFIG_HOME:-~/.config}/kmodscope/NAME}.
     *
     * @param environment of the process
     */
    public static ConfigFile of(Map<String, String> environment, String name) {
        Path configuration =
                absolute(environment, "XDG_CONFIG_HOME")
                        .orElseGet(() -> home(environment).resolve(".config"));
        return new ConfigFile(configuration.resolve("kmodscope").resolve(name));
    }

    private static Path home(Map<String, String> environment) {
        return absolute(environment, "HOME")
                .orElseGet(() -> Path.of(System.getProperty("user.home", "/")));
    }

    /** The XDG base directory specification has relative paths ignored. */
    private static Optional<Path> absolute(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(path -> path.startsWith("/"))
                .map(Path::of);
    }

    /** What is in it; empty when it is not there. */
    public Optional<String> read() throws IOException {
        return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
    }

    /** Replaces it, whole or not at all. */
    public void replace(String text) throws IOException {
        // A link, as people have for files that they keep elsewhere, stays one.
        Path real = Files.exists(path) ? path.toRealPath() : path;
        Path directory = Files.createDirectories(real.resolveSibling(""));
        Path fresh = Files.createTempFile(directory, "." + path.getFileName(), ".new");
        try {
            Files.writeString(fresh, text);
            Files.move(
                    fresh,
                    real,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
