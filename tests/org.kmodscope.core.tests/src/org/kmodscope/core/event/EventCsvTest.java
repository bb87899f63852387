/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;

class EventCsvTest {

    @TempDir private Path directory;

    private static void write(EventWriter to, String source, Event event) throws IOException {
        to.write(
                source,
                event.timeNanos(),
                EventCodec.head(event.kind(), event.flags(), event.stream()),
                event.request(),
                event.result(),
                EventCodec.tail(event.band(), event.sequence()));
    }

    @Test
    void csvIsAsItIsDescribed() throws IOException {
        StringWriter text = new StringWriter();
        try (EventCsv csv = new EventCsv(text)) {
            write(csv, "agent", new Event(5, EventKind.WRITE_START, 0, 0, 1, 0, 0, 0));
            write(csv, "agent", new Event(6, EventKind.SIGIO_IN, 1, 2, 0, 0, 0x41, 1));
            write(csv, "a \"b\", c", new Event(7, EventKind.READ_END, 0, -1, -1, -11, -1, 2));
            write(csv, "agent", new Event(8, EventKind.LOST, 2, 0, 3, 9, 0, 3));
            csv.write("agent", -1, 77, 0, 0, 0);
        }
        assertEquals(
                """
                time_ns,source,kind,stream,request,result,band,flags
                5,agent,WRITE_START,0,1,0,0,0
                6,agent,SIGIO_IN,2,0,0,65,1
                7,"a ""b"", c",READ_END,4294967295,18446744073709551615,-11,4294967295,0
                8,agent,LOST,0,3,9,0,2
                18446744073709551615,agent,UNKNOWN_77,0,0,0,0,0
                """,
                text.toString());
    }

    @Test
    void csvWithoutEventsHasItsHeader() throws Exception {
        Path file = directory.resolve("empty.csv");
        EventCsv.create(file).close();
        assertEquals(List.of(EventCsv.HEADER), Files.readAllLines(file));
    }

    @Test
    void aFileThatCannotBeIsRefused() {
        Path nowhere = directory.resolve("no/such/directory/events");
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> EventCsv.create(nowhere));
        assertEquals(KmodscopeException.Kind.USAGE, failure.kind());
        assertTrue(failure.getMessage().contains("no/such/directory"));
    }
}
