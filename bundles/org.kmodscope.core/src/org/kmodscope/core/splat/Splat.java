/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import java.util.List;
import java.util.Optional;

/**
 * One report of the kernel.
 *
 * @param kind what found the fault
 * @param title what it is, in the kernel's words, without addresses of this one run
 * @param named the places that the report itself names, before its stack trace
 * @param trace the stack trace, innermost first
 * @param text the whole report, line by line
 */
public record Splat(
        Kind kind,
        String title,
        List<StackFrame> named,
        List<StackFrame> trace,
        List<String> text) {

    /** Parts of a report. */
    public Splat {
        named = List.copyOf(named);
        trace = List.copyOf(trace);
        text = List.copyOf(text);
    }

    /** What finds faults. */
    public enum Kind {
        /** Use after free, out of bounds, double free: the address sanitizer. */
        KASAN,
        /** The order, the context or the balance of locks. */
        LOCKDEP,
        /** Sleeping where nobody may, or staying on a processor where one may be moved. */
        ATOMIC_SLEEP,
        /** A timer, work item or other object at the wrong time of its life. */
        OBJECT,
        /** WARN(). */
        WARNING,
        /** BUG(), an oops, a panic: nothing after it counts. */
        FATAL,
        /** Something that does not come to its end. */
        HANG,
        /** Memory that nobody refers to any more. */
        LEAK,
        /** Undefined behaviour of C, damaged lists and the like. */
        OTHER
    }

    /**
     * Where in a module it is: what the report names itself, else the innermost call.
     *
     * @param module its name as the kernel knows it
     */
    public Optional<StackFrame> site(String module) {
        // Of an object, what is named is its function, not where it was misused.
        List<StackFrame> first = kind == Kind.OBJECT ? trace : named;
        List<StackFrame> second = kind == Kind.OBJECT ? named : trace;
        return in(first, module, true)
                .or(() -> in(second, module, true))
                .or(() -> in(trace, module, false));
    }

    private static Optional<StackFrame> in(
            List<StackFrame> frames, String module, boolean certain) {
        return frames.stream()
                .filter(frame -> frame.in(module) && (frame.certain() || !certain))
                .findFirst();
    }

    /** The places that matter to the author of a module: the kernel's own are left out. */
    public List<StackFrame> moduleFrames() {
        return trace.stream().filter(frame -> frame.module().isPresent()).distinct().toList();
    }
}
