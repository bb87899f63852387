/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;

/** Events in words. */
class EventRowTest {

    private static EventRow row(EventKind kind, int flags, long request, long result, int band) {
        return EventRow.of(new Event(1_000, kind, flags, 1, request, result, band, 0));
    }

    @Test
    void resultsAreBytesErrorsAndBands() {
        assertEquals("64", row(EventKind.WRITE_END, 0, 7, 64, 0).result());
        assertEquals("EAGAIN", row(EventKind.READ_END, 0, 7, -11, 0).result());
        assertEquals("ECANCELED", row(EventKind.AIO_CANCEL, 0, 7, -125, 0).result());
        assertEquals("error 4000", row(EventKind.READ_END, 0, 7, -4000, 0).result());
        assertEquals("POLL_IN", row(EventKind.SIGIO_IN, 0, 0, 0, 0x41).result());
        assertEquals("POLL_OUT", row(EventKind.SIGIO_OUT, 0, 0, 0, 0x304).result());
        assertEquals("POLL_HUP", row(EventKind.SIGIO_OTHER, 0, 0, 0, 0x18).result());
        assertEquals(
                "POLL_IN, by poll",
                row(EventKind.SIGIO_IN, EventCodec.FLAG_RESYNC, 0, 0, 0x41).result());
    }

    @Test
    void aLossIsNeverAZero() {
        assertEquals("Lost 9 events", row(EventKind.LOST, 0, 90, 9, 0).name());
        assertEquals("Lost 1 event", row(EventKind.LOST, 0, 90, 1, 0).name());
        assertEquals("Lost, count unknown", row(EventKind.OVERFLOW, 0, 0, 0, 0).name());
        assertEquals(
                "Lost, count unknown",
                row(EventKind.LOST, EventCodec.FLAG_COUNT_UNKNOWN, 0, 0, 0).name());
        assertEquals(
                "Lost 5 or more events",
                row(EventKind.LOST, EventCodec.FLAG_COUNT_UNKNOWN, 0, 5, 0).name());
        assertEquals("", row(EventKind.LOST, 0, 90_000, 9, 0).id(), "a duration is no number");
    }

    @Test
    void aFilterHasAllItsWordsAndHidesNoLoss() {
        EventRow write = row(EventKind.WRITE_END, 0, 4711, 64, 0);
        assertTrue(write.matches(EventRow.words("WRITE  47")));
        assertFalse(write.matches(EventRow.words("write 48")));
        assertTrue(write.matches(EventRow.words("  ")));
        assertTrue(row(EventKind.LOST, 0, 0, 9, 0).matches(EventRow.words("sigio")));
    }

    @Test
    void asOneHearsIt() {
        Event event = new Event(2_500_000, EventKind.READ_END, 0, 1, 12, 64, 0, 0);
        assertEquals(
                "read at 0.001 500 s, number 12, returned 64",
                EventWords.sentence(event, 1_000_000));
    }
}
