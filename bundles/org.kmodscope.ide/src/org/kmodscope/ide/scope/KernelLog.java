/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.kmodscope.core.target.KernelLogLine;

/** The latest lines of a target's kernel log. Written by the session's thread, read by any. */
final class KernelLog {

    private static final int MOST = 5_000;

    private final Deque<KernelLogLine> lines = new ArrayDeque<>();
    private List<KernelLogLine> copy = List.of();

    synchronized void add(KernelLogLine line) {
        if (lines.size() == MOST) {
            lines.removeFirst();
        }
        lines.addLast(line);
        copy = List.of();
    }

    /** The lines, oldest first; the same list as long as nothing was added. */
    synchronized List<KernelLogLine> lines() {
        if (copy.isEmpty() && !lines.isEmpty()) {
            copy = List.copyOf(lines);
        }
        return copy;
    }

    synchronized void clear() {
        lines.clear();
        copy = List.of();
    }
}
