/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.build.Diagnostic.Severity;

/**
 * Reads what make, gcc, clang, sparse, objtool, modpost and ld print (in English, without colours),
 * line by line. A message that several compilations repeat is kept once. Lines that say nothing
 * about a fault are passed over.
 */
final class DiagnosticParser {

    private static final int LIMIT = 1_000;

    private static final String FILE = "([^\\s:][^:]*)";
    private static final String WORD = "(fatal error|error|warning|note|sorry, unimplemented)";

    private static final Pattern INCLUDED =
            Pattern.compile(
                    "^(?:In file included| {2,}) *from " + FILE + ":(\\d+)(?::(\\d+))?[,:]$");
    private static final Pattern OBJTOOL =
            Pattern.compile("^(\\S+\\.o): (warning|error): objtool: (.*)$");
    private static final Pattern PLACED =
            Pattern.compile(
                    "^" + FILE + ":(\\d+)(?::(\\d+))?: " + WORD + ": (.*)$",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern MODPOST =
            Pattern.compile("^(ERROR|WARNING|FATAL): (?:modpost: )?(.*)$");
    private static final Pattern LINKED =
            Pattern.compile(
                    "^(?:\\S*ld(?:\\.\\w+)?: )?(?:"
                            + FILE
                            + ":)?(?:(\\d+)|\\(\\S+\\)): (undefined reference to .*"
                            + "|multiple definition of .*)$");
    private static final Pattern LINKER =
            Pattern.compile("^\\S*ld(?:\\.\\w+)?: (?:(error|warning): )?(.*)$");
    private static final Pattern MAKEFILE =
            Pattern.compile("^" + FILE + ":(\\d+): \\*\\*\\* (.*?)(?:  Stop\\.)?$");
    private static final Pattern MAKE =
            Pattern.compile("^make(?:\\[\\d+\\])?: \\*\\*\\* ([^\\[].*?)(?:  Stop\\.)?$");

    /** What make says beside the reason of its failure. */
    private static final Pattern PROGRESS =
            Pattern.compile("Waiting for unfinished jobs.*|Deleting .*file .*");

    private static final Pattern PROGRAM =
            Pattern.compile(
                    "^(?:cc1(?:plus)?|\\S*gcc(?:-\\d+)?|\\S*clang(?:-\\d+)?|as|collect2): "
                            + WORD
                            + ": (.*)$");

    private final UnaryOperator<String> naming;
    private final Set<Diagnostic> found = new LinkedHashSet<>();
    private final List<Diagnostic> trail = new ArrayList<>();
    private boolean trailOpen;
    private int dropped;

    /**
     * @param naming turns a file's name as a tool prints it into the one to show
     */
    DiagnosticParser(UnaryOperator<String> naming) {
        this.naming = naming;
    }

    /** Takes the next line of output. */
    void line(String line) {
        Matcher included = INCLUDED.matcher(line);
        if (included.matches()) {
            include(included);
            return;
        }
        trailOpen = false;
        Diagnostic diagnostic = read(line);
        if (diagnostic != null) {
            add(diagnostic);
            if (diagnostic.severity() != Severity.NOTE) {
                // The places in the project that led to a fault in somebody else's header.
                trail.forEach(this::add);
            }
            trail.clear();
        }
    }

    /** All so far, in order. */
    List<Diagnostic> diagnostics() {
        List<Diagnostic> all = new ArrayList<>(found);
        if (dropped > 0) {
            all.add(
                    new Diagnostic(
                            "", 0, 0, Severity.NOTE, dropped + " further messages are not shown"));
        }
        return all;
    }

    private void include(Matcher included) {
        if (!trailOpen) {
            trail.clear();
        }
        trailOpen = true;
        String file = naming.apply(included.group(1));
        if (!file.startsWith("/")) {
            trail.add(
                    new Diagnostic(
                            file,
                            number(included.group(2)),
                            0,
                            Severity.NOTE,
                            "included from here"));
        }
    }

    private void add(Diagnostic diagnostic) {
        if (found.size() < LIMIT) {
            found.add(diagnostic);
        } else if (!found.contains(diagnostic)) {
            dropped++;
        }
    }

    private @Nullable Diagnostic read(String line) {
        Matcher matcher = OBJTOOL.matcher(line);
        if (matcher.matches()) {
            return new Diagnostic(
                    naming.apply(matcher.group(1)),
                    0,
                    0,
                    severity(matcher.group(2)),
                    "objtool: " + matcher.group(3));
        }
        matcher = PLACED.matcher(line);
        if (matcher.matches()) {
            return new Diagnostic(
                    naming.apply(matcher.group(1)),
                    number(matcher.group(2)),
                    number(matcher.group(3)),
                    severity(matcher.group(4)),
                    matcher.group(5));
        }
        matcher = MODPOST.matcher(line);
        if (matcher.matches()) {
            return unplaced(severity(matcher.group(1)), "modpost: " + paths(matcher.group(2)));
        }
        matcher = LINKED.matcher(line);
        if (matcher.matches()) {
            String file = matcher.group(1);
            return new Diagnostic(
                    file == null ? "" : naming.apply(file),
                    number(matcher.group(2)),
                    0,
                    Severity.ERROR,
                    matcher.group(3));
        }
        return readProgram(line);
    }

    /** What a program says about no place in a source file. */
    private @Nullable Diagnostic readProgram(String line) {
        Matcher matcher = LINKER.matcher(line);
        if (matcher.matches()) {
            String text = matcher.group(2);
            // "in function" only announces the line that follows it.
            return text.endsWith(":")
                    ? null
                    : unplaced(
                            "warning".equals(matcher.group(1)) ? Severity.WARNING : Severity.ERROR,
                            "ld: " + paths(text));
        }
        matcher = MAKEFILE.matcher(line);
        if (matcher.matches()) {
            return new Diagnostic(
                    naming.apply(matcher.group(1)),
                    number(matcher.group(2)),
                    0,
                    Severity.ERROR,
                    "make: " + paths(matcher.group(3)));
        }
        matcher = MAKE.matcher(line);
        if (matcher.matches() && !PROGRESS.matcher(matcher.group(1)).matches()) {
            return unplaced(Severity.ERROR, "make: " + paths(matcher.group(1)));
        }
        matcher = PROGRAM.matcher(line);
        if (matcher.matches() && !matcher.group(2).startsWith("ld returned")) {
            return unplaced(severity(matcher.group(1)), matcher.group(2));
        }
        if (line.startsWith(
                "warning: the compiler differs from the one used to build the kernel")) {
            return unplaced(Severity.NOTE, line.substring("warning: ".length()));
        }
        return null;
    }

    private static Diagnostic unplaced(Severity severity, String text) {
        return new Diagnostic("", 0, 0, severity, text);
    }

    /** Shows absolute paths within a message as the ones that the user knows. */
    private String paths(String text) {
        return Pattern.compile("(?<![\\w.])/[^\\s'\"\\]:]+")
                .matcher(text)
                .replaceAll(path -> Matcher.quoteReplacement(naming.apply(path.group())));
    }

    private static Severity severity(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "warning" -> Severity.WARNING;
            case "note" -> Severity.NOTE;
            default -> Severity.ERROR;
        };
    }

    private static int number(@Nullable String digits) {
        // A number too long for an int is no line of a file.
        return digits == null || digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }
}
