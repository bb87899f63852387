/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds reports in the lines of a kernel log: those of /dev/kmsg, or of a console with its times.
 * Any text is understood: what is no report is passed over.
 */
public final class SplatParser {

    private static final int LONGEST = 2_000;

    /** What a console puts before each line: time, or level and time. */
    private static final Pattern PREFIX = Pattern.compile("^(?:<\\d+>)?\\[ *\\d+\\.\\d+\\] ?");

    /** How reports begin, in the order they are looked for (kernel 5.10 to 7.3). */
    private enum Start {
        KASAN(Splat.Kind.KASAN, "BUG: (KASAN|KFENCE): .*"),
        ATOMIC(
                Splat.Kind.ATOMIC_SLEEP,
                "BUG: (scheduling while atomic|sleeping function called from invalid context).*"),
        PER_PROCESSOR(Splat.Kind.ATOMIC_SLEEP, "BUG: using \\S+ in preemptible .*"),
        LOCKUP(Splat.Kind.HANG, "(watchdog: )?BUG: (soft lockup|workqueue lockup).*"),
        STALL(Splat.Kind.HANG, "rcu: INFO: rcu_\\w+ .*(stall|stalls).*"),
        BLOCKED(Splat.Kind.HANG, "INFO: task .* blocked for more than .*"),
        LOCKS(
                Splat.Kind.LOCKDEP,
                "WARNING: (possible (circular|recursive|irq lock|deadlock)|inconsistent lock"
                        + "|suspicious RCU|bad unlock|held lock freed|lock held|Nested lock|.*still has"
                        + " locks held|.*-safe -> .*-unsafe lock).*"),
        WAIT(Splat.Kind.LOCKDEP, "\\[ BUG: Invalid wait context \\]"),
        KEY(Splat.Kind.LOCKDEP, "INFO: trying to register non-static key.*"),
        WARN(Splat.Kind.WARNING, "WARNING: (CPU: \\d+ PID: \\d+ at )?\\S+\\.[chS]:\\d+.*"),
        BUG_AT(Splat.Kind.FATAL, "kernel BUG at .*"),
        FAULT(
                Splat.Kind.FATAL,
                "(BUG: (kernel NULL pointer|unable to handle)|Oops: |general protection fault"
                        + "|Unable to handle kernel|stack segment:).*"),
        PANIC(Splat.Kind.FATAL, "Kernel panic - not syncing: .*"),
        OBJECT(Splat.Kind.OBJECT, "ODEBUG: .*"),
        UBSAN(Splat.Kind.OTHER, "(UBSAN: |BUG kmalloc|list_(add|del) corruption).*"),
        /** No fault of the driver, but the end of what was before. */
        INJECTED(Splat.Kind.OTHER, "FAULT_INJECTION: forcing a failure.*");

        private final Splat.Kind kind;
        private final Pattern pattern;

        Start(Splat.Kind kind, String pattern) {
            this.kind = kind;
            this.pattern = Pattern.compile(pattern);
        }

        static Optional<Start> of(String line) {
            for (Start start : values()) {
                if (start.pattern.matcher(line).matches()) {
                    return Optional.of(start);
                }
            }
            return Optional.empty();
        }
    }

    /** What may follow a trace without being a part of it. */
    private static final Pattern TRACE_LINE =
            Pattern.compile(
                    "\\s*(\\[<[0-9a-f]+>\\].*|\\? .*|[A-Za-z_][\\w.$]*\\+0x.*|</?(TASK|IRQ|NMI|#DF)>"
                            + "|(RIP|RSP|Code|R[A-Z0-9]{2}|CR2|FS|CS|ORIG_RAX|EFLAGS|Modules linked"
                            + "|---\\[ end).*|)");

    private final List<Splat> found = new ArrayList<>();
    private Optional<Collected> current = Optional.empty();

    /** The reports in some lines. */
    public static List<Splat> parse(Iterable<String> lines) {
        SplatParser parser = new SplatParser();
        lines.forEach(parser::line);
        return parser.finish();
    }

    /** Takes a record of the log, which may be of several lines. */
    public void line(String record) {
        record.lines().forEach(this::one);
    }

    /** All reports so far, the one that has just begun among them. */
    public List<Splat> finish() {
        end();
        return List.copyOf(found);
    }

    private void one(String raw) {
        String line = PREFIX.matcher(raw).replaceFirst("");
        Optional<Start> start = Start.of(line.strip());
        if (start.isPresent() && !absorbs(start.get())) {
            end();
            current = Optional.of(new Collected(start.get(), line));
        } else if (current.isPresent() && !current.get().take(line)) {
            end();
        }
    }

    /** A WARNING tells in its next lines what it is; an oops goes on with BUG, Oops and panic. */
    private boolean absorbs(Start next) {
        if (current.isEmpty()) {
            return false;
        }
        Collected now = current.get();
        if (now.start == Start.WARN && !now.traced && now.lines.size() < 4) {
            if (next == Start.OBJECT) {
                now.kind = Splat.Kind.OBJECT;
                now.title = "";
                return true;
            }
            return next == Start.UBSAN;
        }
        return now.kind == Splat.Kind.FATAL && next.kind == Splat.Kind.FATAL
                || now.start == Start.KASAN && !now.traced;
    }

    private void end() {
        current.filter(each -> each.start != Start.INJECTED)
                .ifPresent(each -> found.add(each.splat()));
        current = Optional.empty();
    }

    /** A report that is being read. */
    private static final class Collected {

        private static final Pattern CALL_TRACE = Pattern.compile("\\s*Call [Tt]race:.*");
        private static final Pattern RULE = Pattern.compile("={20,}|-{20,}.*");

        /** The process that happened to be there: its name and number. */
        private static final Pattern PROCESS = Pattern.compile(" code: \\S+/\\d+$");

        private static final Pattern ADDRESS = Pattern.compile("\\b0*[0-9a-f]{8,16}\\b");

        private final Start start;
        private final List<String> lines = new ArrayList<>();
        private final List<StackFrame> named = new ArrayList<>();
        private final List<StackFrame> trace = new ArrayList<>();
        private Splat.Kind kind;
        private String title;
        private boolean traced;

        Collected(Start start, String line) {
            this.start = start;
            this.kind = start.kind;
            this.title = line.strip();
            add(line);
        }

        /** Returns false when the report ended before this line. */
        boolean take(String line) {
            if (lines.size() >= LONGEST) {
                return false;
            }
            boolean rule = RULE.matcher(line.strip()).matches();
            if (start == Start.KASAN && rule) {
                return false;
            }
            if (CALL_TRACE.matcher(line).matches()) {
                // Of a second trace, as of who freed the object, the frames are kept as text.
                traced = true;
            } else if (traced && start != Start.KASAN && !TRACE_LINE.matcher(line).matches()) {
                if (start != Start.WARN && kind != Splat.Kind.FATAL) {
                    return false;
                }
            }
            if (title.isEmpty() || start == Start.WARN && lines.size() == 1 && says(line)) {
                title = line.strip();
            }
            add(line);
            return !line.startsWith("---[ end trace");
        }

        /** WARN() with a text prints it in the line after its place. */
        private static boolean says(String line) {
            return !line.isBlank() && !line.matches("(Modules linked|CPU:|Tainted|RIP:|Stack).*");
        }

        private void add(String line) {
            lines.add(line);
            Optional<StackFrame> frame = StackFrame.find(line).filter(StackFrame::means);
            boolean register = line.stripLeading().startsWith("RIP:");
            if (frame.isPresent() && !(traced && start == Start.KASAN && inSecondTrace())) {
                (traced && !register ? trace : named).add(frame.get());
            }
        }

        private boolean inSecondTrace() {
            return lines.stream().anyMatch(each -> each.matches("(Allocated|Freed) by task.*"));
        }

        Splat splat() {
            return new Splat(kind, clean(title), named, trace, lines);
        }

        /** Addresses and processes differ from run to run; places in functions do not. */
        private static String clean(String title) {
            Matcher address = ADDRESS.matcher(PROCESS.matcher(title).replaceFirst(" code"));
            return address.replaceAll("…")
                    .replaceFirst("^WARNING: CPU: \\d+ PID: \\d+ at ", "WARNING at ");
        }
    }
}
