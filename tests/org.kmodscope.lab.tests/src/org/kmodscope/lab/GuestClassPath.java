/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The class path of these tests, as jars in one directory that can be taken elsewhere. */
final class GuestClassPath {

    private static final Pattern NOT_NEEDED =
            Pattern.compile(
                    ".*/(junit|asm|opentest4j|apiguardian|surefire|org\\.eclipse\\.jdt)[^/]*");
    private static final Pattern NO_PRODUCT =
            Pattern.compile("(src|target|META-INF|\\.settings|build)/.*|.*/\\.[^/]*");

    private GuestClassPath() {}

    /** Packs it; the jars in their order. */
    static List<Path> pack(Path directory) throws IOException {
        Files.createDirectories(directory);
        String plain = System.getProperty("java.class.path");
        List<Path> jars = new ArrayList<>();
        for (String entry : System.getProperty("surefire.test.class.path", plain).split(":")) {
            Path from = Path.of(entry);
            if (NOT_NEEDED.matcher(entry).matches() || !Files.exists(from)) {
                continue;
            }
            Path jar = directory.resolve(jars.size() + ".jar");
            if (Files.isDirectory(from)) {
                pack(from, jar);
            } else {
                Files.copy(from, jar);
            }
            jars.add(jar);
        }
        return jars;
    }

    private static void pack(Path classes, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(classes);
                JarOutputStream jar = new JarOutputStream(Files.newOutputStream(to))) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                String name = classes.relativize(file).toString();
                if (!NO_PRODUCT.matcher(name).matches()) {
                    jar.putNextEntry(new JarEntry(name));
                    Files.copy(file, jar);
                    jar.closeEntry();
                }
            }
        }
    }
}
