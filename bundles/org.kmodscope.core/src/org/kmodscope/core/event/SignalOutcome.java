/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * What became of a signal when it was generated: the enumeration of {@code
 * include/trace/events/signal.h}, whose order is its numbers. User space cannot know the last four.
 */
public enum SignalOutcome {
    /** It was queued, and will be delivered. */
    QUEUED,
    /** The process ignores it. */
    IGNORED,
    /** One of its kind was pending: the two became one. */
    COALESCED,
    /** The queue was full: it was dropped, and plain SIGIO is sent in its place. */
    OVERFLOWED,
    /** The queue was full: it is delivered without saying what for. */
    NAMELESS;

    private static final SignalOutcome[] ALL = values();

    /** How many there are. */
    static final int COUNT = ALL.length;

    /** Whether a result is that of an outcome known here. */
    static boolean isKnown(long result) {
        return result >= 0 && result < COUNT;
    }

    static SignalOutcome of(int result) {
        return ALL[result];
    }
}
