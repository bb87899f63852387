/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.table;

import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.Quantity;

/** What an event says, in words. */
public final class EventWords {

    /** Bits of a band: asm-generic/poll.h. */
    private static final int POLLIN = 0x001;

    private static final int POLLOUT = 0x004;
    private static final int POLLERR = 0x008;
    private static final int POLLHUP = 0x010;

    private EventWords() {}

    /** What happened. */
    public static String name(Event event) {
        return switch (event.kind()) {
            case WRITE_START -> "write begins";
            case WRITE_END -> "write";
            case READ_START -> "read begins";
            case READ_END -> "read";
            case WORK_START -> "work begins";
            case WORK_END -> "work ends";
            case OVERFLOW -> "Lost, count unknown";
            case LOST -> lost(event);
            case UNKNOWN -> "unknown kind";
            default -> EventLook.of(event.kind(), event.band()).words();
        };
    }

    private static String lost(Event event) {
        boolean exact = (event.flags() & EventCodec.FLAG_COUNT_UNKNOWN) == 0;
        if (!exact && event.result() == 0) {
            return "Lost, count unknown";
        }
        return lost(event.result(), exact);
    }

    /** So many events are missing. */
    public static String lost(long count, boolean exact) {
        if (!exact && count == 0) {
            return "Lost, count unknown";
        }
        return "Lost "
                + Quantity.count(count)
                + (exact ? "" : " or more")
                + (count == 1 ? " event" : " events");
    }

    /** The number that pairs it with others; empty when it has none. */
    public static String id(Event event) {
        return event.request() == 0 || event.kind().isLoss() ? "" : String.valueOf(event.request());
    }

    /** What came of it: bytes, an error by its name, the band of a signal. */
    public static String result(Event event) {
        return switch (event.kind()) {
            case SIGIO_IN, SIGIO_OUT, SIGIO_OTHER, SIGNAL_GENERATED ->
                    band(event.band())
                            + ((event.flags() & EventCodec.FLAG_RESYNC) != 0 ? ", by poll" : "");
            case READ_END, WRITE_END, AIO_COMPLETE, AIO_CANCEL -> outcome(event.result());
            default -> "";
        };
    }

    /** A byte count, or the error it stands for. */
    public static String outcome(long result) {
        return result < 0 ? errno((int) -result) : Quantity.count(result);
    }

    /** The most telling bit of a band, as siginfo's si_code would name it. */
    static String band(int band) {
        if ((band & POLLHUP) != 0) {
            return "POLL_HUP";
        }
        if ((band & POLLERR) != 0) {
            return "POLL_ERR";
        }
        boolean in = (band & POLLIN) != 0;
        boolean out = (band & POLLOUT) != 0;
        if (in && out) {
            return "IN | OUT";
        }
        return in
                ? "POLL_IN"
                : out ? "POLL_OUT" : band == 0 ? "" : "0x" + Integer.toHexString(band);
    }

    /** The name of an error that drivers return (asm-generic/errno-base.h, errno.h). */
    static String errno(int number) {
        return switch (number) {
            case 1 -> "EPERM";
            case 4 -> "EINTR";
            case 5 -> "EIO";
            case 6 -> "ENXIO";
            case 9 -> "EBADF";
            case 11 -> "EAGAIN";
            case 12 -> "ENOMEM";
            case 13 -> "EACCES";
            case 14 -> "EFAULT";
            case 16 -> "EBUSY";
            case 19 -> "ENODEV";
            case 22 -> "EINVAL";
            case 28 -> "ENOSPC";
            case 29 -> "ESPIPE";
            case 32 -> "EPIPE";
            case 95 -> "EOPNOTSUPP";
            case 110 -> "ETIMEDOUT";
            case 125 -> "ECANCELED";
            case 512 -> "ERESTARTSYS";
            case 529 -> "EIOCBQUEUED";
            default -> "error " + number;
        };
    }

    /** All of it in one line, for those who hear the view. */
    public static String sentence(Event event, long origin) {
        StringBuilder text = new StringBuilder(name(event));
        text.append(" at ").append(Quantity.moment(event.timeNanos() - origin));
        if (!id(event).isEmpty()) {
            text.append(", number ").append(id(event));
        }
        if (!result(event).isEmpty()) {
            text.append(event.kind() == EventKind.READ_END ? ", returned " : ", ");
            text.append(result(event));
        }
        return text.toString();
    }
}
