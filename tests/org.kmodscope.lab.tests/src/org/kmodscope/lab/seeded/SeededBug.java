/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.seeded;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One bug that is put into the driver of the template, and what has to catch it. Each is a file in
 * {@code resources/seeded}:
 *
 * <pre>
 * says: what is wrong
 * caught by: rule NAME               a rule of the probe conformance, or
 * caught by: stress                  the probe stress, or
 * caught by: REPORT while RULES      a check of the debug kernel, while these rules are tried
 *
 * &lt;&lt;&lt;&lt;
 * text that must be there, exactly once in all sources of the driver
 * ====
 * what takes its place
 * &gt;&gt;&gt;&gt;
 * </pre>
 *
 * @param name the file's name
 * @param says what is wrong, one line
 * @param catcher what has to catch it
 * @param edits the changes, in order
 */
public record SeededBug(String name, String says, Catcher catcher, List<Edit> edits) {

    /** The prefix in the edits; a driver with a name of this length is laid out as they are. */
    static final String PREFIX = "globalfifo";

    private static final Pattern FORM =
            Pattern.compile(
                    "says: (?<says>.+)\n"
                            + "caught by: (?:(?<stress>stress)|rule (?<rule>\\S+)"
                            + "|(?<report>\\S+) while (?<rules>\\S+))\n"
                            + "(?<edits>(?s:\n.*))");
    private static final Pattern EDIT =
            Pattern.compile("\n<<<<\n(?<old>(?s:.*?)\n)====\n(?<fresh>(?s:.*?))>>>>\n");

    /** What catches a bug. */
    public sealed interface Catcher {}

    /** A rule of the probe {@code conformance} that breaks. */
    public record Rule(String name) implements Catcher {}

    /** The probe {@code stress}. */
    public record Stress() implements Catcher {}

    /**
     * A report of the debug kernel.
     *
     * @param report its kind
     * @param rules which rules bring it about
     */
    public record Debug(Report report, String rules) implements Catcher {}

    /** Kinds of reports, by the words that the kernel uses. */
    public enum Report {
        LOCK_ORDER("possible circular locking dependency"),
        ATOMIC_SLEEP("sleeping function called from invalid context"),
        USE_AFTER_FREE("KASAN: .*(use-after-free|use after free)"),
        ACTIVE_OBJECT("ODEBUG: free active"),
        LEAK("unreferenced object");

        private final Pattern words;

        Report(String words) {
            this.words = Pattern.compile(words);
        }

        boolean isIn(String line) {
            return words.matcher(line).find();
        }
    }

    public record Edit(String old, String fresh) {}

    /** All of them, by name. */
    public static List<SeededBug> all() throws IOException, URISyntaxException {
        Path directory =
                Path.of(
                        Objects.requireNonNull(SeededBug.class.getResource("/seeded"), "resources")
                                .toURI());
        List<SeededBug> bugs = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = directory.relativize(file).toString().replace(".txt", "");
                bugs.add(parse(name, Files.readString(file)));
            }
        }
        return bugs;
    }

    static SeededBug parse(String name, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(name + " is not in the form of a seeded bug");
        }
        List<Edit> edits = new ArrayList<>();
        Matcher edit = EDIT.matcher(form.group("edits"));
        int end = 0;
        while (edit.find() && edit.start() == end) {
            edits.add(new Edit(edit.group("old"), edit.group("fresh")));
            end = edit.end();
        }
        if (end != form.group("edits").length()) {
            throw new IllegalArgumentException(name + ": an edit is not in its form");
        }
        return new SeededBug(name, form.group("says"), catcher(form), edits);
    }

    private static Catcher catcher(Matcher form) {
        if (form.group("stress") != null) {
            return new Stress();
        }
        if (form.group("rule") != null) {
            return new Rule(form.group("rule"));
        }
        String report = form.group("report").toUpperCase(Locale.ROOT).replace('-', '_');
        return new Debug(Report.valueOf(report), form.group("rules"));
    }

    /**
     * Puts the bug into a rendered driver.
     *
     * @param module the driver's name, as long as {@link #PREFIX}
     * @throws IllegalStateException when the template has changed so that an edit does not fit
     */
    public void putInto(Path project, String module) throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.list(project)) {
            sources = files.filter(file -> file.toString().matches(".*\\.[ch]")).toList();
        }
        for (Edit edit : edits) {
            String old = edit.old().replace(PREFIX, module);
            int found = 0;
            for (Path source : sources) {
                String text = Files.readString(source);
                int at = text.indexOf(old);
                if (at >= 0) {
                    found += text.indexOf(old, at + 1) < 0 ? 1 : 2;
                    String fresh = edit.fresh().replace(PREFIX, module);
                    Files.writeString(
                            source,
                            text.substring(0, at) + fresh + text.substring(at + old.length()));
                }
            }
            if (found != 1) {
                throw new IllegalStateException(
                        "%s: the driver has this %s:\n%s"
                                .formatted(name, found == 0 ? "nowhere" : "more than once", old));
            }
        }
    }

    @Override
    public String toString() {
        return name + ": " + says;
    }
}
