/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.build.Diagnostic.Severity;
import org.kmodscope.core.process.HostCommand;

/**
 * The kernel's style checker on whole files (Documentation/dev-tools/checkpatch.rst), with all of
 * its checks but those that some kinds of file cannot pass, whoever writes them:
 *
 * <ul>
 *   <li>a header for older kernels ({@code *_compat.h}) has to ask for the kernel's version, which
 *       code inside the kernel never does;
 *   <li>a header of trace events ({@code *_trace.h}) is a set of macros of a form of their own;
 *   <li>a probe ({@code probes/}) is a program: it has none of the kernel's macros, its signal
 *       handlers need {@code volatile}, and its system calls do answer ENOSYS.
 * </ul>
 *
 * Safe to use from several threads.
 */
public final class Checkpatch {

    private static final String COMPAT_IGNORES = "LINUX_VERSION_CODE,CONSTANT_COMPARISON";
    private static final String TRACE_IGNORES = "OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT";
    private static final String PROBE_IGNORES =
            "ARRAY_SIZE,BRACKET_SPACE,EMBEDDED_FUNCTION_NAME,ENOSYS,MACRO_WITH_FLOW_CONTROL"
                    + ",PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE";

    private static final Pattern FINDING =
            Pattern.compile("^(.+?):(\\d+): (ERROR|WARNING|CHECK):(\\w+): (.*)$");

    /** What it exits with when it found something. */
    private static final int FOUND = 1;

    private final Path script;

    /**
     * @param script checkpatch.pl, with its word lists beside it
     */
    public Checkpatch(Path script) {
        this.script = script;
    }

    /**
     * The C files of a driver: all in the directory and below it but those of its probes, of what
     * was built, and of hidden directories.
     *
     * @return paths relative to the directory, sorted
     */
    public static List<String> filesOf(Path project) throws KmodscopeException {
        try (Stream<Path> all = Files.walk(project)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> project.relativize(file).toString())
                    .filter(name -> name.endsWith(".c") || name.endsWith(".h"))
                    .filter(name -> !name.endsWith(".mod.c"))
                    .filter(name -> !name.matches("(?:build|probes)/.*|(?:.*/)?\\..*"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The files of " + project + " cannot be listed: " + Reason.of(e) + ".",
                    "Name the directory of a driver that you may read.",
                    e);
        }
    }

    /**
     * Checks files.
     *
     * @param directory what the names are relative to
     * @return what it found: errors as errors, warnings and checks as warnings, each with its type
     *     in brackets
     * @throws KmodscopeException MISSING when there is no perl, FAILED when the script broke
     */
    public List<Diagnostic> check(Path directory, List<String> files, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Map<String, List<String>> byIgnores = new LinkedHashMap<>();
        for (String file : files) {
            byIgnores.computeIfAbsent(ignores(file), key -> new ArrayList<>()).add(file);
        }
        List<Diagnostic> findings = new ArrayList<>();
        for (Map.Entry<String, List<String>> group : byIgnores.entrySet()) {
            findings.addAll(run(directory, group.getKey(), group.getValue(), monitor));
        }
        return findings;
    }

    private static String ignores(String file) {
        if (("/" + file).contains("/probes/")) {
            return PROBE_IGNORES;
        }
        if (file.endsWith("_compat.h")) {
            return COMPAT_IGNORES;
        }
        return file.endsWith("_trace.h") ? TRACE_IGNORES : "";
    }

    private List<Diagnostic> run(
            Path directory, String ignores, List<String> files, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<String> argv = new ArrayList<>();
        argv.addAll(List.of("perl", script.toString(), "--strict", "--no-tree", "--terse"));
        argv.addAll(List.of("--show-types", "--no-summary", "--color=never"));
        if (!ignores.isEmpty()) {
            argv.add("--ignore=" + ignores);
        }
        argv.add("--file");
        // A name that begins with a dash is not an option.
        files.forEach(file -> argv.add("./" + file));
        List<Diagnostic> findings = new ArrayList<>();
        List<String> other = new ArrayList<>();
        int exit =
                HostCommand.of(argv)
                        .in(directory)
                        .providedBy("perl")
                        .merged()
                        .run((channel, line) -> read(line, findings, other), monitor);
        if (exit != 0 && !(exit == FOUND && !findings.isEmpty())) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "checkpatch.pl ended with status " + exit + ": " + String.join("; ", other),
                    "Is perl complete on this machine?");
        }
        return findings;
    }

    private static void read(String line, List<Diagnostic> findings, List<String> other) {
        Matcher matcher = FINDING.matcher(line);
        if (!matcher.matches()) {
            other.add(line);
            return;
        }
        findings.add(
                new Diagnostic(
                        matcher.group(1).replaceFirst("^\\./", ""),
                        Integer.parseInt(matcher.group(2)),
                        0,
                        matcher.group(3).equals("ERROR") ? Severity.ERROR : Severity.WARNING,
                        matcher.group(5) + " [" + matcher.group(4) + "]"));
    }
}
