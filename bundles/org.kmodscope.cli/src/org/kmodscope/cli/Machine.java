/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** What {@code doctor} asks of the machine; tests answer in its place. */
interface Machine {

    /** Where a program is, if it is on the search path. */
    Optional<Path> program(String name);

    /** Whether a program can be run like this and says that all is well. */
    boolean succeeds(String... argv) throws InterruptedException;

    /** What a program prints first; empty when it cannot be run. */
    Optional<String> firstLine(String... argv) throws InterruptedException;

    /** A file's text; empty when it cannot be read. */
    Optional<String> text(Path file);

    /** Whether a file can be read and written. */
    boolean usable(Path file);

    /** Bytes that can still be written below this directory. */
    Optional<Long> free(Path directory);

    /** Where this Java is. */
    Path javaHome();

    /** The soft limit of {@code /proc/self/limits} with this name. */
    default Optional<String> limit(String name) {
        return text(Path.of("/proc/self/limits"))
                .map(text -> Pattern.compile(Pattern.quote(name) + "\\s+(\\S+)").matcher(text))
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1));
    }

    /** This machine. */
    final class This implements Machine {

        @Override
        public Optional<Path> program(String name) {
            return HostCommand.of(name).locate();
        }

        @Override
        public boolean succeeds(String... argv) throws InterruptedException {
            return run(argv).map(captured -> captured.exit() == 0).orElse(false);
        }

        @Override
        public Optional<String> firstLine(String... argv) throws InterruptedException {
            return run(argv).flatMap(captured -> captured.out().lines().findFirst());
        }

        @Override
        public Optional<String> text(Path file) {
            try {
                return Optional.of(Files.readString(file));
            } catch (IOException unreadable) {
                return Optional.empty();
            }
        }

        @Override
        public boolean usable(Path file) {
            return Files.isReadable(file) && Files.isWritable(file);
        }

        @Override
        public Optional<Long> free(Path directory) {
            try {
                return Optional.of(Files.getFileStore(directory).getUsableSpace());
            } catch (IOException unknown) {
                return Optional.empty();
            }
        }

        @Override
        public Path javaHome() {
            return Path.of(System.getProperty("java.home", ""));
        }

        private static Optional<Captured> run(String... argv) throws InterruptedException {
            try {
                return Optional.of(
                        HostCommand.of(List.of(argv)).capture(new NullProgressMonitor()));
            } catch (KmodscopeException cannotRun) {
                return Optional.empty();
            }
        }
    }
}
