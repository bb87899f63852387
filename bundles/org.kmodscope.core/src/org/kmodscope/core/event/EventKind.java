/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * What an event says. The codes are part of the record's format (docs/adr/0001): the agent's {@code
 * events.h} has the same numbers, and a number is never given a second meaning.
 */
public enum EventKind {
    /** A kind that only a newer writer knows: kept and counted, never written. */
    UNKNOWN(0),
    /**
     * SIGIO (or the signal of F_SETSIG) with a readable band arrived; {@code request} says which
     * {@link #SIGNAL_GENERATED} it is, 0 where the kernel is not asked.
     */
    SIGIO_IN(1),
    /** The signal with a writable band arrived. */
    SIGIO_OUT(2),
    /** The signal with another band (hang-up, error, priority) arrived. */
    SIGIO_OTHER(3),
    /** An asynchronous request was handed to the kernel; {@code request} names it. */
    AIO_SUBMIT(4),
    /** An asynchronous request ended; {@code result} is its byte count or -errno. */
    AIO_COMPLETE(5),
    /** An asynchronous request ended because it was cancelled. */
    AIO_CANCEL(6),
    /** A read call began; {@code request} pairs it with its end. */
    READ_START(7),
    /** A read call returned; {@code result} is its byte count or -errno. */
    READ_END(8),
    /** A write call began; {@code request} pairs it with its end. */
    WRITE_START(9),
    /** A write call returned; {@code result} is its byte count or -errno. */
    WRITE_END(10),
    /**
     * The kernel generated the signal ({@code signal:signal_generate}); {@code result} is what
     * became of it ({@link SignalOutcome}), {@code request} the number of the SIGIO that brings it,
     * 0 where that is not known.
     */
    SIGNAL_GENERATED(11),
    /** A work item of the driver began to run. */
    WORK_START(12),
    /** A work item of the driver ended. */
    WORK_END(13),
    /**
     * A line was added to the kernel log; {@code request} is its sequence number there, {@code
     * result} its level (0 emergency to 7 debug).
     */
    KERNEL_LOG(14),
    /** A mark of the tool's own; {@code result} says what for ({@link EventCodec#TURN_BEGINS}). */
    MARKER(15),
    /** The signal queue overflowed: an unknown number of signals was lost. */
    OVERFLOW(16),
    /**
     * {@code result} events of this source were lost before they could be shown, the latest of them
     * at {@code time}, the earliest {@code request} nanoseconds before it (0 when not known).
     */
    LOST(17),
    /** The device went away. */
    DEVICE_GONE(18);

    private static final EventKind[] BY_CODE = new EventKind[DEVICE_GONE.code + 1];

    static {
        for (EventKind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final int code;

    EventKind(int code) {
        this.code = code;
    }

    /** The number that stands for this kind in a record. */
    public int code() {
        return code;
    }

    /** Whether this event says that others are missing. */
    public boolean isLoss() {
        return this == OVERFLOW || this == LOST;
    }

    /** The kind with this code; {@link #UNKNOWN} for a code that no kind here has. */
    public static EventKind of(int code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
    }
}
