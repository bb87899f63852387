/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * Finds the source lines of places in a module, by the debug information that {@code KCFLAGS=-g}
 * puts into it, with objdump(1) and addr2line(1).
 */
public final class ModuleSource {

    /** {@code 0000000000000010 l F .text 0000000000000042 globalfifo_write}. */
    private static final Pattern SYMBOL =
            Pattern.compile("([0-9a-f]{16}) .{7} (\\S+)\\s+([0-9a-f]{16}) (?:\\.hidden )?(\\S+)");

    private static final Pattern LINE = Pattern.compile("(.+):(\\d+)(?: \\(.*\\))?");

    private final Path project;
    private final Path module;
    private final List<Symbol> symbols;

    private record Symbol(long address, String section, long size, String name) {}

    /**
     * A line of a source file.
     *
     * @param file relative to the project where it is one of its files, else as the compiler had it
     * @param line from 1
     */
    public record Place(String file, int line) {

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    private ModuleSource(Path project, Path module, List<Symbol> symbols) {
        this.project = project;
        this.module = module;
        this.symbols = symbols;
    }

    /**
     * Reads the symbols of a module.
     *
     * @param project the directory of its sources
     * @throws KmodscopeException MISSING where binutils are not installed
     */
    public static ModuleSource of(Path project, Path module, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Captured table = tool("objdump", "-t", module.toString()).capture(monitor);
        if (table.exit() != 0) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    module + " has no symbols that can be read: " + table.words(),
                    "Build the module again.");
        }
        List<Symbol> symbols = new ArrayList<>();
        table.out()
                .lines()
                .map(SYMBOL::matcher)
                .filter(Matcher::matches)
                .forEach(
                        line ->
                                symbols.add(
                                        new Symbol(
                                                Long.parseUnsignedLong(line.group(1), 16),
                                                line.group(2),
                                                Long.parseUnsignedLong(line.group(3), 16),
                                                line.group(4))));
        return new ModuleSource(project, module, List.copyOf(symbols));
    }

    /**
     * The source line of a place: of what the compiler put into one another, the innermost that is
     * the project's. Empty when the module does not have the function, or no debug information.
     *
     * @param returning whether the place is where a call returns to: the call itself is before it
     */
    public Optional<Place> locate(StackFrame frame, boolean returning, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Optional<Symbol> symbol =
                symbols.stream()
                        .filter(each -> each.name().equals(frame.function()))
                        .filter(each -> each.section().startsWith("."))
                        .findFirst();
        if (symbol.isEmpty()) {
            return Optional.empty();
        }
        long back = returning && frame.offset() > 0 ? 1 : 0;
        long address = symbol.get().address() + frame.offset() - back;
        Captured answer =
                tool(
                                "addr2line",
                                "-e",
                                module.toString(),
                                "-i",
                                "-j",
                                symbol.get().section(),
                                "0x" + Long.toHexString(address))
                        .capture(monitor);
        Optional<Place> innermost = Optional.empty();
        for (String text : answer.exit() == 0 ? answer.out().lines().toList() : List.<String>of()) {
            Matcher line = LINE.matcher(text.strip());
            if (!line.matches() || line.group(1).startsWith("?")) {
                continue;
            }
            Place place = new Place(ours(line.group(1)), Integer.parseInt(line.group(2)));
            if (!Path.of(place.file()).isAbsolute()) {
                return Optional.of(place);
            }
            innermost = innermost.or(() -> Optional.of(place));
        }
        return innermost;
    }

    /** A module is built from a copy of its sources: the longest end of the path that is ours. */
    private String ours(String compiled) throws KmodscopeException {
        Path path = Path.of(compiled).normalize();
        try {
            for (int i = 0; i < path.getNameCount(); i++) {
                Path end = path.subpath(i, path.getNameCount());
                if (Files.isRegularFile(project.resolve(end))) {
                    return project.toRealPath()
                            .relativize(project.resolve(end).toRealPath())
                            .toString();
                }
            }
            return compiled;
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The project " + project + " cannot be read: " + Reason.of(e) + ".",
                    "Check that it is there.",
                    e);
        }
    }

    private static HostCommand tool(String program, String... arguments) {
        return HostCommand.of(program, arguments).providedBy("binutils");
    }
}
