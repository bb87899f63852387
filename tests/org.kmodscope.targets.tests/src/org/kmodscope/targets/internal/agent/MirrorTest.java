/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** What C and Java both write down must be the same; the C compiler says what its side means. */
class MirrorTest {

    @TempDir Path work;

    @Test
    void eventKindsHaveTheSameNumbers() throws Exception {
        Map<String, Long> java = new TreeMap<>();
        for (EventKind kind : EventKind.values()) {
            if (kind != EventKind.UNKNOWN) {
                java.put("EVENT_" + kind.name(), (long) kind.code());
            }
        }
        assertEquals(java, compiled("events.h", "(?m)^\\t(EVENT_\\w+) = \\d+,"));
    }

    @Test
    void theRecordIsTheCodecs() throws Exception {
        Map<String, Long> java =
                new TreeMap<>(
                        Map.of(
                                "EVENT_MAGIC", Integer.toUnsignedLong(EventCodec.MAGIC),
                                "EVENT_VERSION", (long) EventCodec.VERSION,
                                "EVENT_HEADER_BYTES", (long) EventCodec.HEADER_BYTES,
                                "EVENT_RECORD_BYTES", (long) EventCodec.RECORD_BYTES,
                                "EVENT_FLAG_RESYNC", (long) EventCodec.FLAG_RESYNC,
                                "EVENT_FLAG_COUNT_UNKNOWN", (long) EventCodec.FLAG_COUNT_UNKNOWN,
                                "EVENT_FLAG_OWN_WRITE", (long) EventCodec.FLAG_OWN_WRITE));
        assertEquals(java, compiled("events.h", "(?m)^#define (EVENT_\\w+)\\s+\\S+$"));
    }

    @Test
    void framesHaveTheSameNumbers() throws Exception {
        Map<String, Long> java = new TreeMap<>();
        for (FrameType type : FrameType.values()) {
            java.put("FRAME_" + type.name(), (long) type.code());
        }
        assertEquals(java, compiled("protocol.h", "(?m)^\\t(FRAME_\\w+) = \\d+,"));
        assertEquals(
                Map.of(
                        "PROTOCOL_VERSION", (long) Frame.VERSION,
                        "FRAME_HEADER_BYTES", (long) Frame.HEADER_BYTES,
                        "FRAME_PAYLOAD_MAX", (long) Frame.PAYLOAD_MAX),
                compiled("protocol.h", "(?m)^#define ((?:PROTOCOL|FRAME)_\\w+)\\s+\\S.*$"));
    }

    /** Signals whose number nobody knows, then a LOST that has no room: docs/adr/0002, rule 5. */
    @Test
    void anOverflowThatIsDroppedMakesTheLossAnAtLeast() throws Exception {
        Files.writeString(
                work.resolve("full.c"),
                """
                #include <stdio.h>
                #include "emit.c"
                int thread_start(void *(*main)(void *), void *argument)
                {
                	(void)main;
                	(void)argument;
                	return 0;
                }
                int main(void)
                {
                	static struct event_record batch[BATCH_RECORDS];
                	struct event_record *last;
                	emit_start(1);
                	for (int i = 0; i < RING_RECORDS - RING_RESERVED; i++)
                		emit(i, EVENT_WRITE_START, 0, 0, 0, 0, 0);
                	for (int i = 0; i < RING_RESERVED + 6; i++)
                		emit(100000 + i, EVENT_OVERFLOW, 0, 0, 0, 0, 0);
                	printf("%u ", emit_sequence());
                	take(batch);
                	last = &ring[(head + used - 1) % RING_RECORDS];
                	printf("%d %d %lld %u %llu", last->kind == EVENT_LOST, last->flags,
                	       (long long)last->result, last->seq, (long long)last->request);
                }
                """);
        run("gcc", "-D_GNU_SOURCE", "-I", directory().toString(), "-o", "full", "full.c");
        assertEquals(
                "65537 1 " + EventCodec.FLAG_COUNT_UNKNOWN + " 0 65536 5",
                run(work.resolve("full").toString()).strip());
    }

    @Test
    void allSourcesAreCompiledAndNoneIsMissing() throws IOException {
        SortedSet<String> listed = new TreeSet<>();
        Stream.of(
                        NativePrograms.HEADERS.stream(),
                        NativePrograms.AGENT.stream(),
                        NativePrograms.SUPERVISOR.stream(),
                        NativePrograms.HELPER.stream())
                .flatMap(names -> names)
                .forEach(listed::add);
        SortedSet<String> there = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory())) {
            files.map(file -> file.getFileName().toString()).forEach(there::add);
        }
        assertEquals(there, listed);
    }

    /** The directory of the sources in the checkout: tests run in their module or at its top. */
    private static Path directory() {
        Path here = Path.of("").toAbsolutePath();
        return Stream.of(here, here.getParent().getParent())
                .map(top -> top.resolve("bundles/org.kmodscope.targets/agent"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow();
    }

    /** The names that a pattern finds in a header, with the values that the compiler gives them. */
    private Map<String, Long> compiled(String header, String names) throws Exception {
        StringBuilder printer = new StringBuilder("#include <stdio.h>\n");
        printer.append("#include \"").append(header).append("\"\nint main(void)\n{\n");
        Matcher name =
                Pattern.compile(names).matcher(Files.readString(directory().resolve(header)));
        while (name.find()) {
            printer.append("\tprintf(\"%s %lld\\n\", \"").append(name.group(1));
            printer.append("\", (long long)").append(name.group(1)).append(");\n");
        }
        printer.append("}\n");
        Files.writeString(work.resolve("printer.c"), printer);
        run("gcc", "-I", directory().toString(), "-o", "printer", "printer.c");
        Map<String, Long> values = new TreeMap<>();
        for (String line : run(work.resolve("printer").toString()).split("\n")) {
            String[] words = line.split(" ");
            assertEquals(2, words.length, Arrays.toString(words));
            values.put(words[0], Long.parseLong(words[1]));
        }
        return values;
    }

    private String run(String... argv) throws Exception {
        Captured done = HostCommand.of(Arrays.asList(argv)).in(work).capture(AgentOnHost.MONITOR);
        assertEquals(0, done.exit(), done.words());
        return done.out();
    }
}
