/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads /sys/kernel/debug/kmemleak (Documentation/dev-tools/kmemleak). */
public final class Kmemleak {

    private static final Pattern OBJECT =
            Pattern.compile("unreferenced object (?:0x)?[0-9a-f]+ \\(size (\\d+)\\):.*");

    /** An address that belongs to no function (printk-formats, %pS). */
    private static final Pattern NAMELESS =
            Pattern.compile("\\s+(?:\\[<[0-9a-f]+>\\] )?0x[0-9a-f]+\\s*");

    private Kmemleak() {}

    /** Whether code that is no longer there made the objects: a module that was unloaded. */
    public static boolean ofUnloadedCode(Splat leak) {
        return leak.text().stream().anyMatch(line -> NAMELESS.matcher(line).matches());
    }

    /** The leaks: objects that were allocated in the same place are one. */
    public static List<Splat> parse(Iterable<String> lines) {
        List<List<String>> objects = new ArrayList<>();
        for (String line : lines) {
            if (OBJECT.matcher(line).matches()) {
                objects.add(new ArrayList<>());
            }
            if (!objects.isEmpty()) {
                objects.getLast().add(line);
            }
        }
        Map<List<StackFrame>, List<List<String>>> places = new LinkedHashMap<>();
        for (List<String> object : objects) {
            places.computeIfAbsent(trace(object), trace -> new ArrayList<>()).add(object);
        }
        List<Splat> splats = new ArrayList<>();
        places.forEach((trace, of) -> splats.add(splat(trace, of)));
        return List.copyOf(splats);
    }

    private static List<StackFrame> trace(List<String> object) {
        List<StackFrame> frames = new ArrayList<>();
        boolean traced = false;
        for (String line : object) {
            traced |= line.strip().startsWith("backtrace");
            if (traced) {
                StackFrame.find(line).filter(StackFrame::means).ifPresent(frames::add);
            }
        }
        return List.copyOf(frames);
    }

    private static Splat splat(List<StackFrame> trace, List<List<String>> objects) {
        Matcher first = OBJECT.matcher(objects.getFirst().getFirst());
        String size = first.matches() ? first.group(1) : "?";
        String title =
                objects.size() == 1
                        ? "memory leak: an object of " + size + " bytes"
                        : "memory leak: " + objects.size() + " objects of " + size + " bytes";
        List<String> text = objects.stream().flatMap(List::stream).toList();
        return new Splat(Splat.Kind.LEAK, title, List.of(), trace, text);
    }
}
