/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;

class EventFilesTest {

    @TempDir private Path directory;

    /** An event of a source. */
    private record Named(String source, Event event) {}

    private static void write(EventWriter to, String source, Event event) throws IOException {
        to.write(
                source,
                event.timeNanos(),
                EventCodec.head(event.kind(), event.flags(), event.stream()),
                event.request(),
                event.result(),
                EventCodec.tail(event.band(), event.sequence()));
    }

    private static List<Named> read(Path file) throws KmodscopeException, InterruptedException {
        List<Named> events = new ArrayList<>();
        EventRecording.read(
                file,
                (source, time, head, request, result, tail) ->
                        events.add(
                                new Named(
                                        source,
                                        EventCodec.toEvent(time, head, request, result, tail))));
        return events;
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
    void whatIsRecordedIsRead() throws Exception {
        Random random = Seeded.random(EventFilesTest.class);
        Path file = directory.resolve("events.kmse");
        String[] names = {"agent", "bridge", "größer als zwanzig"};
        EventKind[] kinds = EventKind.values();
        List<Named> expected = new ArrayList<>();
        try (EventRecording recording = EventRecording.create(file)) {
            for (int each = 0; each < 10_000; each++) {
                Event event =
                        new Event(
                                random.nextLong(),
                                kinds[1 + random.nextInt(kinds.length - 1)],
                                random.nextInt(4),
                                random.nextInt(),
                                random.nextLong(),
                                random.nextLong(),
                                random.nextInt(),
                                random.nextInt());
                String name = names[random.nextInt(each < 5000 ? 2 : 3)];
                write(recording, name, event);
                expected.add(new Named(name, event));
            }
        }
        List<Named> events = read(file);
        assertEquals(expected.size(), events.size());
        for (int each = 0; each < events.size(); each++) {
            Event one = expected.get(each).event;
            Event other = events.get(each).event;
            assertEquals(expected.get(each).source, events.get(each).source);
            // Only the number is new: a recording is numbered through.
            assertEquals(
                    new Event(
                            one.timeNanos(),
                            one.kind(),
                            one.flags(),
                            one.stream(),
                            one.request(),
                            one.result(),
                            one.band(),
                            other.sequence()),
                    other);
        }
    }

    @Test
    void longNamesAreCutBetweenCharacters() throws Exception {
        Path file = directory.resolve("long.kmse");
        try (EventRecording recording = EventRecording.create(file)) {
            write(recording, "nineteen characters" + "ü", Sent.event(1, EventKind.MARKER));
        }
        assertEquals("nineteen characters", read(file).getFirst().source);
    }

    @Test
    void longNamesWithOneBeginningStayTwoSources() throws Exception {
        Path file = directory.resolve("alike.kmse");
        String beginning = "a name of 20 bytes: ";
        List<String> names = List.of(beginning + "one", beginning + "two", beginning);
        try (EventRecording recording = EventRecording.create(file)) {
            for (String name : names) {
                write(recording, name, Sent.event(1, EventKind.MARKER));
            }
        }
        assertEquals(
                List.of(beginning, "a name of 20 bytes~2", "a name of 20 bytes~3"),
                read(file).stream().map(Named::source).toList());
    }

    /** A target writes what it likes; the recording's own kinds are not its to write. */
    @Test
    void aSourceCannotRenameAnother() throws Exception {
        Path file = directory.resolve("forged.kmse");
        long bridge = 0;
        try (EventRecording recording = EventRecording.create(file)) {
            write(recording, "bridge", Sent.event(1, EventKind.MARKER));
            for (int kind = 0xff00; kind <= 0xffff; kind++) {
                recording.write("agent", 2, kind | bridge << 32, 0x6c697665L, 0, 0);
            }
            write(recording, "bridge", Sent.event(3, EventKind.MARKER));
        }
        List<Named> events = read(file);
        assertEquals("bridge", events.getFirst().source);
        assertEquals("bridge", events.getLast().source);
        assertEquals(258, events.size());
        for (Named forged : events.subList(1, 257)) {
            assertEquals("agent", forged.source);
            assertEquals(EventKind.UNKNOWN, forged.event.kind());
        }
    }

    @Test
    void aRawStreamIsARecordingOfOneSource() throws Exception {
        Path file = directory.resolve("raw.kmse");
        Files.write(file, StreamEventSourceTest.stream(0, 1, 2));
        List<Named> events = read(file);
        assertEquals(3, events.size());
        assertEquals("recording", events.getFirst().source);
    }

    @Test
    void damageIsToldWithTheFile() throws Exception {
        Path file = directory.resolve("cut.kmse");
        byte[] bytes = StreamEventSourceTest.stream(0, 1, 2);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 7));
        KmodscopeException failure = assertThrows(KmodscopeException.class, () -> read(file));
        assertEquals(KmodscopeException.Kind.FAILED, failure.kind());
        assertTrue(failure.getMessage().contains("cut.kmse is damaged"));
    }

    @Test
    void filesThatCannotBeAreRefused() {
        Path nowhere = directory.resolve("no/such/directory/events");
        for (KmodscopeException failure :
                List.of(
                        assertThrows(KmodscopeException.class, () -> EventCsv.create(nowhere)),
                        assertThrows(
                                KmodscopeException.class, () -> EventRecording.create(nowhere)),
                        assertThrows(KmodscopeException.class, () -> read(nowhere)))) {
            assertEquals(KmodscopeException.Kind.USAGE, failure.kind());
            assertTrue(failure.getMessage().contains("no/such/directory"));
        }
    }

    @Test
    void aWriterThatFailsStopsTheReading() throws Exception {
        Path file = directory.resolve("raw.kmse");
        Files.write(file, StreamEventSourceTest.stream(0, 1, 2));
        EventWriter full =
                (source, time, head, request, result, tail) -> {
                    throw new IOException("No space left on device");
                };
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> EventRecording.read(file, full));
        assertTrue(failure.getMessage().contains("No space left"));
    }
}
