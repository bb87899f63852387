/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Sha256;

/**
 * Keeps a directory of the cache equal to the sources of a project: Kbuild, Makefile, C files and
 * headers, without what a build made. Only what changed is written, so that make's times stay
 * right.
 */
final class SourceMirror {

    private static final int MOST_FILES = 5_000;
    private static final long MOST_BYTES = 64L << 20;

    private static final Pattern PRODUCT =
            Pattern.compile(".*\\.(?:o|ko|a|mod|mod\\.c|cmd|symvers|order|dwo|s|i|ll)|\\..*|.*~");
    private static final Set<String> NOT_SOURCES = Set.of("build", "probes");

    private final Path project;
    private final TreeMap<String, byte[]> files = new TreeMap<>();

    private SourceMirror(Path project) {
        this.project = project;
    }

    /**
     * Reads the sources of a project.
     *
     * @throws KmodscopeException USAGE when the directory is too big to be a driver's
     */
    static SourceMirror read(Path project) throws IOException, KmodscopeException {
        SourceMirror mirror = new SourceMirror(project);
        Walk walk = mirror.new Walk();
        Files.walkFileTree(
                project, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        if (walk.full) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    project
                            + " holds more than a driver's sources: over "
                            + MOST_FILES
                            + " files or "
                            + (MOST_BYTES >> 20)
                            + " MiB.",
                    "Name the directory of the driver itself.");
        }
        return mirror;
    }

    /** Changes whenever a source changes, appears or disappears. */
    String digest() {
        MessageDigest digest = Sha256.digest();
        files.forEach(
                (name, content) -> {
                    digest.update(
                            (name + '\0' + content.length + '\0').getBytes(StandardCharsets.UTF_8));
                    digest.update(content);
                });
        return Sha256.hex(digest);
    }

    /**
     * Makes the directory hold these sources.
     *
     * @param keepProducts whether what an earlier build made there may stay; it goes in any case
     *     when a source disappeared, whose object make would take for up to date
     */
    void writeTo(Path directory, boolean keepProducts) throws IOException {
        Files.createDirectories(directory);
        Set<String> there = new HashSet<>();
        List<Path> products = new ArrayList<>();
        boolean vanished = false;
        try (var all = Files.walk(directory)) {
            for (Path path : all.filter(path -> !isDirectory(path)).toList()) {
                String name = directory.relativize(path).toString();
                if (files.containsKey(name)) {
                    there.add(name);
                } else if (PRODUCT.matcher(fileName(path)).matches()) {
                    products.add(path);
                } else {
                    Files.delete(path);
                    vanished = true;
                }
            }
        }
        if (vanished || !keepProducts) {
            for (Path product : products) {
                Files.delete(product);
            }
        }
        removeEmptyDirectories(directory);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = directory.resolve(file.getKey());
            if (there.contains(file.getKey())
                    && Arrays.equals(Files.readAllBytes(target), file.getValue())) {
                continue;
            }
            Files.createDirectories(parent(target));
            Path fresh = target.resolveSibling("." + target.getFileName() + ".new~");
            Files.write(fresh, file.getValue());
            if (Files.isExecutable(project.resolve(file.getKey()))) {
                Set<PosixFilePermission> mode = Files.getPosixFilePermissions(fresh);
                mode.add(PosixFilePermission.OWNER_EXECUTE);
                Files.setPosixFilePermissions(fresh, mode);
            }
            Files.move(
                    fresh,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void removeEmptyDirectories(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            // Children come before their parents.
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (isDirectory(path) && !path.equals(root) && isEmpty(path)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var children = Files.list(directory)) {
            return children.findAny().isEmpty();
        }
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no parent: " + path);
        }
        return parent;
    }

    /** The last name of a path. */
    static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    // The JDK's visitor says nothing about null, so an override may not either.
    @NonNullByDefault({})
    private final class Walk extends SimpleFileVisitor<Path> {

        private boolean full;
        private long bytes;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            if (directory.equals(project)) {
                return FileVisitResult.CONTINUE;
            }
            String name = fileName(directory);
            boolean top = project.equals(directory.getParent());
            return name.startsWith(".") || (top && NOT_SOURCES.contains(name))
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (!attributes.isRegularFile() || PRODUCT.matcher(fileName(file)).matches()) {
                return FileVisitResult.CONTINUE;
            }
            bytes += attributes.size();
            if (bytes > MOST_BYTES || files.size() >= MOST_FILES) {
                full = true;
                return FileVisitResult.TERMINATE;
            }
            try {
                files.put(project.relativize(file).toString(), Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                // Editors save by writing beside and renaming: what is gone is not a source.
                bytes -= attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException
                    || failure instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }
}
