/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.EventWriter;
import org.kmodscope.core.target.TargetInfo;

/**
 * Shows the first events one by one, from the first signal on, and counts the others. Takes them on
 * the model's thread, which must not wait for a terminal, and prints them on the command's.
 */
final class DemoDisplay implements Observation.Display, EventWriter {

    private static final int SAMPLE = 18;
    private static final long ANSWER_SECONDS = 20;

    private final CountDownLatch answered = new CountDownLatch(1);
    private final BlockingQueue<Taken> sample = new ArrayBlockingQueue<>(SAMPLE);
    private final Terminal terminal;
    private final EventLines lines;
    private final EventView view;

    private int offered;
    private int printed;
    private boolean driven;
    private long second;

    DemoDisplay(Terminal terminal, TargetInfo target) {
        this.terminal = terminal;
        lines = new EventLines(terminal.outFace());
        view = new EventView(terminal.outFace(), target);
    }

    @Override
    public void write(String source, long time, long head, long request, long result, long tail) {
        boolean begun = offered > 0 || EventCodec.kind(head) == EventKind.SIGIO_IN;
        if (begun && offered < SAMPLE) {
            offered++;
            sample.add(new Taken(source, EventCodec.toEvent(time, head, request, result, tail)));
        }
        if (EventCodec.kind(head) == EventKind.READ_END && result > 0) {
            answered.countDown();
        }
    }

    /** Waits until something that was written has been read; false when that takes too long. */
    boolean awaitAnswer() throws InterruptedException {
        return answered.await(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void show(EventSnapshot snapshot, Duration since) {
        for (Taken next = sample.poll(); next != null; next = sample.poll()) {
            if (printed++ == 0) {
                terminal.data(lines.heading());
            }
            if (!driven && next.event().kind() == EventKind.WRITE_START) {
                driven = true;
                terminal.data(Style.FAINT, "    a steady stream of writes begins:");
            }
            terminal.data(lines.line(next.source(), next.event()));
            if (printed == SAMPLE) {
                terminal.data(Style.FAINT, "    and so on; only counted from here:");
            }
        }
        if (printed == SAMPLE && terminal.outFace().tty()) {
            terminal.block(view.live(snapshot, since));
        } else if (printed == SAMPLE && since.toSeconds() > second) {
            second = since.toSeconds();
            terminal.data(view.summary(snapshot, since));
        }
    }

    /** The counts and percentiles of all that was seen. */
    void end(Observation.Seen seen) {
        show(seen.snapshot(), seen.elapsed());
        terminal.block(List.of());
        terminal.data("");
        view.end(seen.snapshot(), seen.elapsed()).forEach(terminal::data);
        terminal.data("");
    }

    /** An event and who saw it. */
    private record Taken(String source, Event event) {}
}
