/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.kmodscope.core.target.KernelLogLine;

/** The latest lines of the kernel log and who listens to it; used by the delivery thread alone. */
final class LogHistory {

    private static final int LINES_MAX = 10_000;

    private final Deque<KernelLogLine> lines = new ArrayDeque<>();
    private final List<Consumer<KernelLogLine>> listeners = new ArrayList<>();

    void add(KernelLogLine line) {
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.addLast(line);
        for (Consumer<KernelLogLine> listener : List.copyOf(listeners)) {
            listener.accept(line);
        }
    }

    void listen(Consumer<KernelLogLine> listener) {
        listeners.add(listener);
        lines.forEach(listener);
    }

    void forget(Consumer<KernelLogLine> listener) {
        listeners.remove(listener);
    }
}
