/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * What modules of a debug kernel are built against: of source and objects only the headers,
 * makefiles and host programs, in one tree that works wherever it lies. It knows its architecture,
 * so that a plain {@code make -C headers M=DIR} does.
 */
final class DebugHeaders {

    private static final List<String> OF_SOURCE = List.of("Makefile", "include", "scripts");
    private static final List<String> OF_OBJECTS =
            List.of(".config", "Module.symvers", "include", "scripts");

    private final DebugFlavour flavour;
    private final Path source;
    private final Path objects;

    DebugHeaders(DebugFlavour flavour, Path source, Path objects) {
        this.flavour = flavour;
        this.source = source;
        this.objects = objects;
    }

    void copyTo(Path place) throws IOException {
        copy(source, place, OF_SOURCE);
        copy(source, place, flavour.headersOfSource());
        copy(objects, place, OF_OBJECTS);
        copy(objects, place, flavour.headersOfObjects());
        // The compiler is told to look there, and complains of a directory that is not there.
        Files.createDirectories(place.resolve("arch/um/include/generated/uapi"));
        Path makefile = place.resolve("Makefile");
        String architecture = "override ARCH := " + flavour.architecture() + '\n';
        Files.writeString(makefile, architecture + Files.readString(makefile));
    }

    private static void copy(Path from, Path to, List<String> parts) throws IOException {
        for (String part : parts) {
            Files.walkFileTree(from.resolve(part), new Copying(from, to));
        }
    }

    /** Below arch, of the source only headers and makefiles; of scripts all but what made them. */
    private static boolean wanted(Path relative) {
        String path = relative.toString();
        String name = relative.getFileName().toString();
        if (path.startsWith("arch/")) {
            return name.endsWith(".h") || name.startsWith("Makefile") || name.startsWith("Kbuild");
        }
        return !name.endsWith(".o") && !name.endsWith(".cmd") && !name.endsWith(".d");
    }

    // The JDK's visitor says nothing about null, so an override may not either.
    @NonNullByDefault({})
    private static final class Copying extends SimpleFileVisitor<Path> {

        private final Path from;
        private final Path to;

        Copying(Path from, Path to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Path relative = from.relativize(file);
            if (wanted(relative)) {
                Path copy = to.resolve(relative);
                Files.createDirectories(copy.getParent());
                Files.copy(
                        file,
                        copy,
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
