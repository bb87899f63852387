/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** The C programs, compiled on this machine into a directory of the run's own. */
record Peers(Path directory) {

    private static final List<String> HEADERS = List.of("common.h", "reads.h");
    private static final List<String> PROGRAMS =
            List.of("writer", "sigio", "kernel-aio", "posix-aio", "uring", "ring");

    /** Exit status of a program that needs what this kernel does not have. */
    static final int LACKING = 3;

    /**
     * Compiles them all.
     *
     * @throws KmodscopeException MISSING without a compiler
     */
    static Peers compile(Path directory) throws KmodscopeException, InterruptedException {
        Peers peers = new Peers(directory);
        try {
            for (String header : HEADERS) {
                peers.extract(header);
            }
            for (String program : PROGRAMS) {
                peers.compile(program);
            }
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The C programs cannot be written to " + directory + ": " + e.getMessage(),
                    "Free space there, or name another directory with --dir.",
                    e);
        }
        return peers;
    }

    private Path extract(String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = Peers.class.getResourceAsStream("c/" + name)) {
            if (in == null) {
                throw new IOException("c/" + name + " is not in the jar");
            }
            Files.copy(in, file);
        }
        return file;
    }

    private void compile(String program)
            throws IOException, KmodscopeException, InterruptedException {
        Path source = extract(program + ".c");
        Captured compiled =
                HostCommand.of(
                                "gcc",
                                "-O2",
                                "-std=gnu11",
                                "-D_GNU_SOURCE",
                                "-Wall",
                                "-Wextra",
                                "-Werror",
                                "-pthread",
                                "-o",
                                directory.resolve(program).toString(),
                                source.toString())
                        .providedBy("gcc")
                        .capture(new NullProgressMonitor());
        if (compiled.exit() != 0) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    program + ".c does not compile here: " + compiled.words(),
                    "Install the kernel's and the C library's headers: sudo apt install"
                            + " libc6-dev");
        }
    }

    /**
     * Runs one and reads its line of figures.
     *
     * @throws KmodscopeException MISSING when the kernel lacks what it needs, FAILED when anything
     *     else went wrong
     */
    JsonObject run(String program, Object... arguments)
            throws KmodscopeException, InterruptedException {
        HostCommand command =
                HostCommand.of(
                        Stream.concat(Stream.of(directory.resolve(program)), Stream.of(arguments))
                                .map(Object::toString)
                                .toList());
        Captured ended = command.capture(new NullProgressMonitor());
        if (ended.exit() != 0) {
            throw new KmodscopeException(
                    ended.exit() == LACKING ? Kind.MISSING : Kind.FAILED,
                    program + " ended with status " + ended.exit() + ": " + ended.words(),
                    "");
        }
        try {
            return JsonParser.parseString(ended.out()).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new KmodscopeException(
                    Kind.FAILED, program + " printed no figures: " + ended.out().strip(), "", e);
        }
    }
}
