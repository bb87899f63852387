/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.cli.internal.terminal.Quantity;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.cli.internal.terminal.Table;
import org.kmodscope.cli.internal.terminal.Table.Column;

/**
 * Where the time went between the start of a command and the first event that it showed. Used by
 * one thread.
 */
final class Timing {

    private static final long NOT_YET = -1;

    private final long processBegan;
    private final long stepsBegan;
    private long firstEvent = NOT_YET;
    private List<Steps.Taken> until = List.of();

    private Timing(long processBegan, long stepsBegan) {
        this.processBegan = processBegan;
        this.stepsBegan = stepsBegan;
    }

    /** To be made before the first step. The time that Java itself took to start counts, too. */
    static Timing begin() {
        long now = System.nanoTime();
        long began = ManagementFactory.getRuntimeMXBean().getStartTime();
        long before = Math.max(0, System.currentTimeMillis() - began) * 1_000_000;
        return new Timing(now - before, now);
    }

    /** Tells how many events are shown by now. */
    void shown(long events, Steps steps) {
        if (firstEvent == NOT_YET && events > 0) {
            firstEvent = System.nanoTime() - processBegan;
            until = steps.taken();
        }
    }

    /** The table. */
    List<String> lines(Face face) {
        if (firstEvent == NOT_YET) {
            return List.of("No event was shown, so there is no time until the first one.");
        }
        Table table = new Table(Column.words("STEP"), Column.numbers("TOOK"), Column.words(""));
        long start = stepsBegan - processBegan;
        table.row("Start kmodscope", Quantity.seconds(start), "");
        long rest = firstEvent - start;
        for (Steps.Taken step : until) {
            table.row(step.title(), Quantity.seconds(step.nanos()), step.note());
            rest -= step.nanos();
        }
        table.row("Show the first event", Quantity.seconds(Math.max(0, rest)), "");
        table.row("All until the first event", Quantity.seconds(firstEvent), "");
        return table.lines(face);
    }
}
