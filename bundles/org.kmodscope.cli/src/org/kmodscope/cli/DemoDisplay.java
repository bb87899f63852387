/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.EventWriter;
import org.kmodscope.core.target.TargetInfo;

/**
 * Shows the first events one by one and counts the others. Takes them on the model's thread, which
 * must not wait for a terminal, and prints them on the command's.
 */
final class DemoDisplay implements Observation.Display, EventWriter {

    private static final int SAMPLE = 16;

    private final BlockingQueue<Taken> sample = new ArrayBlockingQueue<>(SAMPLE);
    private final Terminal terminal;
    private final EventLines lines;
    private final EventView view;

    private int offered;
    private int printed;
    private long second;
    private Duration elapsed = Duration.ZERO;

    DemoDisplay(Terminal terminal, TargetInfo target) {
        this.terminal = terminal;
        lines = new EventLines(terminal.outFace());
        view = new EventView(terminal.outFace(), target);
    }

    @Override
    public void write(
            String source, long time, long head, long request, long result, long tail) {
        if (offered < SAMPLE) {
            offered++;
            sample.add(new Taken(source, EventCodec.toEvent(time, head, request, result, tail)));
        }
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        // What was taken is printed at the end.
    }

    @Override
    public void show(EventSnapshot snapshot, Duration since) {
        elapsed = since;
        for (Taken next = sample.poll(); next != null; next = sample.poll()) {
            if (printed++ == 0) {
                terminal.data(lines.heading());
            }
            terminal.data(lines.line(next.source(), next.event()));
            if (printed == SAMPLE) {
                terminal.data(Style.FAINT, "    and so on; only counted from here:");
            }
        }
        if (printed == SAMPLE && since.toSeconds() > second) {
            second = since.toSeconds();
            terminal.data(view.summary(snapshot, since));
        }
    }

    /** The counts and percentiles of all that was seen. */
    void end(EventSnapshot snapshot) {
        show(snapshot, elapsed);
        terminal.data("");
        List<String> all = view.end(snapshot, elapsed);
        all.forEach(terminal::data);
        terminal.data("");
    }

    /** An event and who saw it. */
    private record Taken(String source, Event event) {}
}
