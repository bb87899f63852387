/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kmodscope.cli.ReplaySession.event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.core.event.EventKind;

class EventLinesTest {

    private final EventLines lines = new EventLines(Face.PIPE);

    @Test
    void timesCountFromTheFirstEvent() {
        assertEquals(
                "    0.000 ms  agent   WRITE_START      write called",
                lines.line("agent", event(0, 5_000, EventKind.WRITE_START, 1, 0)));
        assertEquals(
                "    0.250 ms  bridge  SIGIO_IN         readable (POLL_IN), 250 us after write",
                lines.line("bridge", event(0, 5_250, EventKind.SIGIO_IN, 0, 0)));
    }

    @Test
    void aSignalWithoutAKnownWriteHasNoLatency() {
        assertFalse(lines.line("bridge", event(0, 1, EventKind.SIGIO_IN, 0, 0)).contains("after"));
    }

    @Test
    void aSignalThatIsToldLateIsNotOfTheWriteAfterIt() {
        lines.line("agent", event(0, 5_000, EventKind.WRITE_START, 1, 0));
        assertFalse(
                lines.line("bridge", event(0, 4_000, EventKind.SIGIO_IN, 0, 0)).contains("after"));
    }

    @Test
    void noLatencyIsComputedAcrossALoss() {
        lines.line("agent", event(0, 1, EventKind.WRITE_START, 1, 0));
        lines.line("bridge", event(1, 2, EventKind.LOST, 0, 3));
        assertFalse(lines.line("bridge", event(2, 3, EventKind.SIGIO_IN, 0, 0)).contains("after"));
    }

    @Test
    void anErrorIsNoByteCount() {
        String line = lines.line("agent", event(0, 1, EventKind.READ_END, 1, -5));
        assertTrue(line.endsWith("read returned: error 5"), line);
        String empty = lines.line("agent", event(0, 1, EventKind.READ_END, 1, -11));
        assertTrue(empty.endsWith("nothing there (EAGAIN)"), empty);
    }

    @ParameterizedTest
    @EnumSource(EventKind.class)
    void eachKindFitsALine(EventKind kind) {
        String line = lines.line("bridge", event(0, 1, kind, Integer.MAX_VALUE, 65_536));
        assertTrue(line.length() <= 80, line);
        int meaning = lines.heading().indexOf("MEANING");
        assertEquals(
                kind.name(), line.substring(lines.heading().indexOf("EVENT"), meaning).strip());
        assertEquals(' ', line.charAt(meaning - 1), line);
    }
}
