/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/** Where in a driver's sources the things happen that events tell of. Found by text, once. */
public final class DriverSource {

    /** What can be looked up. */
    public enum Step {
        WRITE(Pattern.compile("\\.write(?:_iter)?\\s*=\\s*(\\w+)")),
        READ(Pattern.compile("\\.read(?:_iter)?\\s*=\\s*(\\w+)")),
        SIGNAL_IN(Pattern.compile("kill_fasync\\s*\\(.*POLL_IN")),
        SIGNAL_OUT(Pattern.compile("kill_fasync\\s*\\(.*POLL_OUT")),
        AIO(Pattern.compile("(?:->|\\.)ki_complete\\s*\\(")),
        WORK(Pattern.compile("INIT_(?:DELAYED_)?WORK\\s*\\(.*[,&\\s](\\w+)\\s*\\)"));

        private final Pattern pattern;

        Step(Pattern pattern) {
            this.pattern = pattern;
        }
    }

    /**
     * A line of a file.
     *
     * @param file relative to the project
     * @param line from 1
     */
    public record Place(String file, int line) {

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    private final Map<Step, Place> places = new EnumMap<>(Step.class);

    private DriverSource() {}

    /** Nothing is known. */
    public static DriverSource unknown() {
        return new DriverSource();
    }

    /**
     * Reads the C files at the top of a driver's directory.
     *
     * @throws KmodscopeException FAILED when they cannot be read
     */
    public static DriverSource read(Path directory) throws KmodscopeException {
        DriverSource found = new DriverSource();
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".c")).sorted().toList();
            for (Path file : sources) {
                found.scan(String.valueOf(file.getFileName()), Files.readAllLines(file));
            }
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The sources in " + directory + " cannot be read: " + e.getMessage(),
                    "Check that the project's files are there.",
                    e);
        }
        return found;
    }

    private void scan(String file, List<String> lines) {
        for (Step step : Step.values()) {
            for (int i = 0; i < lines.size() && !places.containsKey(step); i++) {
                Matcher matcher = step.pattern.matcher(lines.get(i));
                if (matcher.find()) {
                    int line =
                            matcher.groupCount() == 0
                                    ? i + 1
                                    : definition(lines, matcher.group(1)).orElse(i + 1);
                    places.put(step, new Place(file, line));
                }
            }
        }
    }

    /** The line where a function is defined: its name, a parenthesis, and no semicolon there. */
    private static Optional<Integer> definition(List<String> lines, String function) {
        Pattern head =
                Pattern.compile("^[a-z][\\w\\s*]*\\b" + Pattern.quote(function) + "\\s*\\([^;]*$");
        for (int i = 0; i < lines.size(); i++) {
            if (head.matcher(lines.get(i)).find()) {
                return Optional.of(i + 1);
            }
        }
        return Optional.empty();
    }

    /** Where a step happens; empty when the sources do not tell. */
    public Optional<Place> place(Step step) {
        return places.containsKey(step) ? Optional.of(places.get(step)) : Optional.empty();
    }
}
