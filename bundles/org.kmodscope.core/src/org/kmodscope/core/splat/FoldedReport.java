/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.splat.ModuleSource.Place;

/**
 * A report as the author of a module reads it: the module's calls with their source lines, and of
 * all others only how many there are. All that is no call stays as it is.
 *
 * <pre>
 * BUG: KASAN: slab-use-after-free in use_after_free+0x66/0x6c [bugs]
 * Call Trace:
 *     … 4 calls elsewhere
 *   use_after_free+0x66 [bugs]    bugs.c:31
 *     … 2 calls elsewhere
 *   bugs_init+0xa1 [bugs]    bugs.c:75
 * </pre>
 */
public final class FoldedReport {

    /** A line that is nothing but a call; the kernel puts an address or a question mark before. */
    private static final Pattern CALL =
            Pattern.compile(
                    "\\s*(\\[<[0-9a-f]+>\\] ?)?(\\? )?[A-Za-z_][\\w.$]*\\+0x[0-9a-f]+/0x[0-9a-f]+"
                            + "( \\[[^\\]]*\\])?\\s*");

    private final String module;
    private final Places places;
    private final Map<StackFrame, Optional<Place>> known = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private Optional<StackFrame> last = Optional.empty();
    private int folded;

    /** Finds the source lines of places in a module. */
    public interface Places {

        /** The line; empty where it is not known. */
        Optional<Place> of(StackFrame frame) throws KmodscopeException, InterruptedException;
    }

    private FoldedReport(String module, Places places) {
        this.module = module;
        this.places = places;
    }

    /**
     * Folds a report.
     *
     * @param module the name, as the kernel knows it, of the module whose calls matter
     */
    public static List<String> of(Splat splat, String module, Places places)
            throws KmodscopeException, InterruptedException {
        FoldedReport report = new FoldedReport(module, places);
        for (String line : splat.text()) {
            report.take(line);
        }
        report.unfold();
        return List.copyOf(report.lines);
    }

    private void take(String line) throws KmodscopeException, InterruptedException {
        Optional<StackFrame> call = StackFrame.find(line).filter(f -> CALL.matcher(line).matches());
        if (call.isEmpty()) {
            unfold();
            lines.add(line);
            last = Optional.empty();
            return;
        }
        StackFrame frame = call.get();
        // What lies on a stack is told more than once; an address without an offset is no call.
        if (!frame.means() || last.equals(call)) {
            return;
        }
        if (!frame.in(module)) {
            folded++;
            return;
        }
        unfold();
        last = call;
        lines.add("  " + frame + place(frame).map(at -> "    " + at).orElse(""));
    }

    private Optional<Place> place(StackFrame frame)
            throws KmodscopeException, InterruptedException {
        if (!known.containsKey(frame)) {
            known.put(frame, places.of(frame));
        }
        return known.getOrDefault(frame, Optional.empty());
    }

    private void unfold() {
        if (folded > 0) {
            lines.add("    … " + folded + (folded == 1 ? " call" : " calls") + " elsewhere");
            folded = 0;
        }
    }
}
