/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.Locale;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.cli.internal.terminal.Quantity;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;

/**
 * Describes events in words, one line each, in the order in which they are told: when, who saw it,
 * what it was, and how long after the write that caused it. Used by one thread.
 */
final class EventLines {

    private static final int EAGAIN = 11;

    private final Face face;

    private long first;
    private boolean any;
    private long lastWrite;
    private boolean written;

    EventLines(Face face) {
        this.face = face;
    }

    /** The headings. */
    String heading() {
        return face.paint(
                Style.FAINT,
                String.format("%12s  %-7s %-16s %s", "TIME", "SOURCE", "EVENT", "MEANING"));
    }

    /** The next event. */
    String line(String source, Event event) {
        if (!any) {
            any = true;
            first = event.timeNanos();
        }
        String after = after(event);
        String when = String.format(Locale.ROOT, "%9.3f ms", (event.timeNanos() - first) / 1e6);
        String kind = face.paint(EventView.style(event.kind()), event.kind().name());
        String room = " ".repeat(Math.max(0, 16 - event.kind().name().length()));
        return String.format("%12s  %-7s %s%s %s%s", when, source, kind, room, words(event), after);
    }

    private String after(Event event) {
        if (event.kind() == EventKind.WRITE_START) {
            lastWrite = event.timeNanos();
            written = true;
        }
        if (event.kind().isLoss()) {
            // A latency is never computed across a loss.
            written = false;
        }
        // On a busy machine a source may tell late: such a signal is of some earlier write.
        return written && event.kind() == EventKind.SIGIO_IN && event.timeNanos() >= lastWrite
                ? ", " + Quantity.nanos(event.timeNanos() - lastWrite) + " after write"
                : "";
    }

    private static String words(Event event) {
        return switch (event.kind()) {
            case SIGIO_IN -> "readable (POLL_IN)";
            case SIGIO_OUT -> "writable (POLL_OUT)";
            case SIGIO_OTHER -> String.format("ready, band 0x%x", event.band());
            case AIO_SUBMIT -> "request " + event.request() + " submitted";
            case AIO_COMPLETE -> "request " + event.request() + " done: " + result(event);
            case AIO_CANCEL -> "request " + event.request() + " cancelled";
            case READ_START -> "read called";
            case READ_END -> "read returned: " + result(event);
            case WRITE_START -> "write called";
            case WRITE_END -> "write returned: " + result(event);
            case SIGNAL_GENERATED -> "the kernel generated the signal";
            case WORK_START -> "work item began";
            case WORK_END -> "work item ended";
            case KERNEL_LOG -> "kernel log, line " + event.request();
            case MARKER -> "mark";
            case OVERFLOW -> "the signal queue overflowed";
            case LOST -> event.result() + " events lost";
            case DEVICE_GONE -> "the device is gone";
            case UNKNOWN -> "of a kind this version does not know";
        };
    }

    private static String result(Event event) {
        long result = event.result();
        if (result == -EAGAIN) {
            return "nothing there (EAGAIN)";
        }
        return result < 0 ? "error " + -result : result + (result == 1 ? " byte" : " bytes");
    }
}
