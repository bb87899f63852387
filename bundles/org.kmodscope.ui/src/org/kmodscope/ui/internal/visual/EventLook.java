/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import org.kmodscope.core.event.EventKind;

/** How an event is shown: its shape, its colour and its words. */
public enum EventLook {
    WRITE("write", Symbol.SOLID_SQUARE, ScopeColor.WRITE, ScopeColor.WRITE),
    GENERATED_IN(
            "generated in",
            Symbol.HOLLOW_TRIANGLE_DOWN,
            ScopeColor.GENERATED_IN,
            ScopeColor.GENERATED_IN),
    GENERATED_OUT(
            "generated out",
            Symbol.HOLLOW_TRIANGLE_UP,
            ScopeColor.GENERATED_OUT,
            ScopeColor.GENERATED_OUT),
    SIGIO_IN("SIGIO in", Symbol.TRIANGLE_DOWN, ScopeColor.SIGIO_IN, ScopeColor.SIGIO_IN_EDGE),
    SIGIO_OUT("SIGIO out", Symbol.TRIANGLE_UP, ScopeColor.SIGIO_OUT, ScopeColor.GENERATED_OUT),
    SIGIO_OTHER("SIGIO other", Symbol.DIAMOND, ScopeColor.SIGIO_IN, ScopeColor.SIGIO_IN_EDGE),
    READ("read", Symbol.OUTLINED_SQUARE, ScopeColor.READ_FILL, ScopeColor.READ),
    AIO_SUBMIT("AIO submitted", Symbol.RING, ScopeColor.CANVAS, ScopeColor.AIO),
    AIO_COMPLETE("AIO completed", Symbol.DISC, ScopeColor.AIO, ScopeColor.AIO),
    AIO_CANCEL("AIO cancelled", Symbol.CROSS, ScopeColor.AIO, ScopeColor.AIO),
    WORK("work item", Symbol.PILL, ScopeColor.WORK_FILL, ScopeColor.WORK),
    LOG("kernel log", Symbol.TICK, ScopeColor.LOG, ScopeColor.LOG),
    WARNING("kernel warning", Symbol.WARNING, ScopeColor.CANVAS, ScopeColor.INK),
    MARKER("marker", Symbol.TICK, ScopeColor.INK, ScopeColor.INK),
    GONE("device gone", Symbol.WARNING, ScopeColor.CANVAS, ScopeColor.INK),
    LOST("Lost", Symbol.HAZARD, ScopeColor.LOST, ScopeColor.LOST_INK);

    /** The bit of a band that says readable (POLLIN, asm-generic/poll.h). */
    private static final int POLLIN = 1;

    private final String words;
    private final Symbol symbol;
    private final ScopeColor fill;
    private final ScopeColor edge;

    EventLook(String words, Symbol symbol, ScopeColor fill, ScopeColor edge) {
        this.words = words;
        this.symbol = symbol;
        this.fill = fill;
        this.edge = edge;
    }

    /** What it is called. */
    public String words() {
        return words;
    }

    /** Its shape. */
    public Symbol symbol() {
        return symbol;
    }

    /** What its shape is filled with. */
    public ScopeColor fill() {
        return fill;
    }

    /** What its shape is outlined with. */
    public ScopeColor edge() {
        return edge;
    }

    /** The look of an event of this kind. */
    public static EventLook of(EventKind kind, int band) {
        return switch (kind) {
            case SIGIO_IN -> SIGIO_IN;
            case SIGIO_OUT -> SIGIO_OUT;
            case SIGIO_OTHER -> SIGIO_OTHER;
            case AIO_SUBMIT -> AIO_SUBMIT;
            case AIO_COMPLETE -> AIO_COMPLETE;
            case AIO_CANCEL -> AIO_CANCEL;
            case READ_START, READ_END -> READ;
            case WRITE_START, WRITE_END -> WRITE;
            case SIGNAL_GENERATED -> (band & POLLIN) != 0 ? GENERATED_IN : GENERATED_OUT;
            case WORK_START, WORK_END -> WORK;
            case KERNEL_LOG -> LOG;
            case MARKER, UNKNOWN -> MARKER;
            case OVERFLOW, LOST -> LOST;
            case DEVICE_GONE -> GONE;
        };
    }
}
