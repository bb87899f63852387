/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Brings a tree to the disk, all of it or nothing.
 *
 * <p>Everything is written below a new directory first, which is where a full disk shows. Then it
 * is moved: as a whole when the target does not exist; entry by entry when it exists and is empty,
 * because it may be a mount point or the directory somebody's shell stands in.
 */
final class TreeWriter {

    private static final String STAGING = ".kmodscope-new-";

    private final Map<String, byte[]> files;

    TreeWriter(Map<String, byte[]> files) {
        this.files = files;
    }

    void writeTo(Path directory) throws KmodscopeException {
        var target = directory.toAbsolutePath().normalize();
        try {
            if (Files.isDirectory(target)) {
                fill(target.toRealPath());
            } else if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw inTheWay(target, "is not a directory");
            } else {
                create(target);
            }
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            throw inTheWay(target, "was filled by somebody else meanwhile");
        } catch (AccessDeniedException e) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "You may not write to " + e.getFile() + ".",
                    "Choose a directory that belongs to you.",
                    e);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Takes part in a failure: what was made until then goes away again. */
    private interface Step {
        void run() throws IOException, KmodscopeException;
    }

    private static void orElse(Step step, Step undo) throws IOException, KmodscopeException {
        try {
            step.run();
        } catch (IOException | KmodscopeException | RuntimeException e) {
            try {
                undo.run();
            } catch (IOException | KmodscopeException | RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private void create(Path target) throws IOException, KmodscopeException {
        var parent =
                Optional.ofNullable(target.getParent())
                        .orElseThrow(() -> inTheWay(target, "is the root directory"));
        Deque<Path> made = new ArrayDeque<>();
        orElse(
                () -> {
                    makeDirectories(parent, made);
                    var staging = Files.createTempDirectory(parent, STAGING);
                    orElse(
                            () -> {
                                var tree = Files.createDirectory(staging.resolve("tree"));
                                writeAll(tree);
                                Files.move(tree, target, StandardCopyOption.ATOMIC_MOVE);
                            },
                            () -> remove(staging));
                    Files.delete(staging);
                },
                () -> {
                    for (var path : made) {
                        Files.deleteIfExists(path);
                    }
                });
    }

    private void fill(Path target) throws IOException, KmodscopeException {
        try (var entries = Files.list(target)) {
            if (entries.findAny().isPresent()) {
                throw inTheWay(target, "is not empty");
            }
        }
        var staging = Files.createTempDirectory(target, STAGING);
        List<Path> moved = new ArrayList<>();
        orElse(
                () -> {
                    writeAll(staging);
                    for (var entry : children(staging)) {
                        var place = target.resolve(entry.getFileName());
                        Files.move(entry, place);
                        moved.add(place);
                    }
                },
                () -> {
                    remove(staging);
                    for (var path : moved) {
                        remove(path);
                    }
                });
        Files.delete(staging);
    }

    private static void makeDirectories(Path directory, Deque<Path> made)
            throws IOException, KmodscopeException {
        Deque<Path> missing = new ArrayDeque<>();
        for (var at = Optional.of(directory);
                at.isPresent() && !Files.exists(at.get());
                at = Optional.ofNullable(at.get().getParent())) {
            missing.push(at.get());
        }
        for (var path : missing) {
            Files.createDirectory(path);
            made.push(path);
        }
        if (!Files.isDirectory(directory)) {
            throw inTheWay(directory, "is not a directory");
        }
    }

    private void writeAll(Path root) throws IOException {
        for (var file : files.entrySet()) {
            var path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue(), StandardOpenOption.CREATE_NEW);
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static void remove(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static KmodscopeException inTheWay(Path path, String what) {
        return new KmodscopeException(
                Kind.USAGE,
                path + " " + what + "; a project needs a directory that is new or empty.",
                "Choose another directory.");
    }

    private static KmodscopeException failed(Path target, IOException cause) {
        var message = Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
        var reason =
                cause instanceof FileSystemException e
                        ? Optional.ofNullable(e.getReason()).orElse(e.toString())
                        : message;
        var left =
                cause.getSuppressed().length == 0
                        ? "Nothing was left there."
                        : "Something was left there: " + cause.getSuppressed()[0] + ".";
        return new KmodscopeException(
                Kind.FAILED,
                "The project could not be written to " + target + ": " + reason + ".",
                left + " Free some space or choose another directory.",
                cause);
    }
}
