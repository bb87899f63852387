/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventPump;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.IoModel.Direction;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;

/** The bridge's other ways of I/O, on the generated driver with its queued requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BridgeModelsTest {

    private static final int DEPTH = 4;
    private static final int BYTES = 64;
    private static final long CANCELLED = -125;

    private DriverLab lab;

    @BeforeAll
    void boot(@TempDir Path project) throws Exception {
        lab = DriverLab.open(project.resolve("driver"), true);
    }

    @AfterAll
    void shutDown() {
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void load() throws Exception {
        lab.load();
    }

    /** Which is refused while a request holds the file: so each case checks that, too. */
    @AfterEach
    void unload() throws Exception {
        lab.unload();
    }

    /** A program in the lab that watches the device by one model. */
    private final class Program {

        final EventLog log = new EventLog();
        private final CompletableFuture<SourceEnd> end = new CompletableFuture<>();
        private final EventSource source;
        private final EventPump pump;

        Program(IoModel model) throws Exception {
            this(DriverLab.DEVICE, model);
        }

        Program(String device, IoModel model) throws Exception {
            source = lab.session().bridge(new ArmRequest(device, model), DriverLab.monitor());
            pump = EventPump.start(source, log, end::complete);
        }

        void await(EventKind kind, long count) throws Exception {
            log.awaitCount(0, kind.name(), event -> event.kind() == kind, count);
        }

        List<Event> events(EventKind kind) {
            return log.from(0).stream().filter(event -> event.kind() == kind).toList();
        }

        void close() throws Exception {
            pump.close();
            assertEquals(Optional.empty(), end.get().failure());
        }

        /** Stops it and waits for as long as that takes; what went wrong. */
        KmodscopeException failure() throws Exception {
            source.stop();
            KmodscopeException failure = end.get().failure().orElseThrow();
            pump.close();
            return failure;
        }
    }

    @Test
    void queuedRequestsArePendingUntilAWriteAndCancelledAtTheEnd() throws Exception {
        Program program = new Program(new IoModel.KernelAio(Direction.READ, DEPTH, BYTES));
        program.await(EventKind.AIO_SUBMIT, DEPTH);
        lab.settle();
        assertEquals(List.of(), program.events(EventKind.AIO_COMPLETE), "nothing was written");

        int before = lab.agent().size();
        lab.write(1, 0);
        program.await(EventKind.AIO_COMPLETE, 1);
        lab.settle();
        long written = firstWrite(before);
        Event done = program.events(EventKind.AIO_COMPLETE).getFirst();
        assertEquals(1, done.result());
        assertTrue(done.timeNanos() > written);
        program.await(EventKind.AIO_SUBMIT, DEPTH + 1);

        KmodscopeException refused = assertThrows(KmodscopeException.class, lab::unload);
        assertEquals(KmodscopeException.Kind.FAILED, refused.kind());

        program.close();
        List<Event> cancelled = program.events(EventKind.AIO_CANCEL);
        assertEquals(DEPTH, cancelled.size());
        assertTrue(cancelled.stream().allMatch(event -> event.result() == CANCELLED));
        assertPaired(program);
    }

    /** The kernel keeps the program until its requests are done; what it saw came nevertheless. */
    @Test
    void aDriverWithoutCancelIsNamedAndLetsGoWhenItsRequestsEnd(@TempDir Path work)
            throws Exception {
        String stuck = "stuckyfifo";
        lab.loadWithBug(work.resolve("driver"), stuck, "no-cancel");
        String device = "/dev/" + stuck;
        Program program = new Program(device, new IoModel.KernelAio(Direction.READ, DEPTH, BYTES));
        program.await(EventKind.AIO_SUBMIT, DEPTH);

        KmodscopeException failure = program.failure();
        assertEquals(KmodscopeException.Kind.FAILED, failure.kind());
        assertTrue(failure.getMessage().startsWith(DEPTH + " of"), failure::toString);
        assertTrue(failure.remedy().contains("kiocb_set_cancel_fn"), failure::remedy);
        assertEquals(DEPTH, program.log.from(0).size());
        assertThrows(KmodscopeException.class, () -> lab.session().unload(stuck));

        // Data for one request after the other, until the last has let the program go.
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        for (boolean gone = false; !gone; ) {
            assertTrue(System.nanoTime() < end, "the program never ended");
            lab.session().stimulate(new Stimulus(device, 1, 1, 0), DriverLab.monitor());
            gone = unloads(stuck);
        }
    }

    private boolean unloads(String module) throws Exception {
        try {
            lab.session().unload(module);
            return true;
        } catch (KmodscopeException e) {
            assertEquals(KmodscopeException.Kind.FAILED, e.kind());
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aio", "posix-aio", "uring", "poll", "epoll", "block"})
    void everyByteThatIsWrittenIsRead(String word) throws Exception {
        Program program = new Program(IoModel.reading(word, DEPTH, BYTES).orElseThrow());
        lab.write(500, 0);
        program.log.await(0, "500 bytes", event -> bytes(program) == 500);
        program.close();
        assertEquals(500, bytes(program));
        if (!word.equals("posix-aio")) {
            assertPaired(program);
        }
    }

    /** A FIFO gives each byte to one reader, so that models are compared one after the other. */
    @Test
    void severalModelsTakeTurnsAndLoseNothing() throws Exception {
        List<String> words = List.of("sigio", "aio", "poll", "block", "epoll", "uring");
        Program program =
                new Program(new IoModel.Turns(words, DEPTH, BYTES, Duration.ofMillis(200)));
        for (int turn = 1; turn <= words.size(); turn++) {
            program.log.awaitCount(0, "turns", BridgeModelsTest::begins, turn);
            lab.write(10, 0);
        }
        program.log.await(0, "all bytes", event -> bytes(program) == 10 * words.size());
        program.close();
        Set<Integer> streams = new HashSet<>();
        program.log.from(0).stream()
                .filter(BridgeModelsTest::begins)
                .forEach(event -> streams.add(event.stream()));
        assertEquals(Set.of(1, 2, 3, 4, 5, 6), streams);
    }

    private static boolean begins(Event event) {
        return event.kind() == EventKind.MARKER && event.result() == EventCodec.TURN_BEGINS;
    }

    /** What is read and linked already is not once more in an emulated machine. */
    @Test
    @EnabledForJreRange(minVersion = 25)
    void theRuntimeStartsFromItsCache() throws Exception {
        Program program = new Program(new IoModel.Signals(true, BYTES));
        List<String> found = new CopyOnWriteArrayList<>();
        OutputLines output = new OutputLines(found::add, line -> {});
        List<String> argv = List.of("sh", "-c", "grep -l bridge.aot /proc/[0-9]*/maps");
        try (RemoteCommand search = lab.session().start(argv, output)) {
            search.waitFor(DriverLab.monitor());
        }
        program.close();
        assertEquals(1, found.size(), found::toString);
    }

    @Test
    void queuedWritesWaitForRoom() throws Exception {
        Program program = new Program(new IoModel.KernelAio(Direction.WRITE, 2, 1024));
        program.await(EventKind.AIO_COMPLETE, 4);
        lab.settle();
        assertEquals(4, program.events(EventKind.AIO_COMPLETE).size(), "the FIFO holds 4096");
        program.close();
        assertEquals(2, program.events(EventKind.AIO_CANCEL).size());
    }

    private long firstWrite(int from) {
        return lab.agent().from(from).stream()
                .filter(event -> event.kind() == EventKind.WRITE_START)
                .findFirst()
                .orElseThrow()
                .timeNanos();
    }

    private static long bytes(Program program) {
        return program.log.from(0).stream()
                .filter(
                        event ->
                                event.kind() == EventKind.AIO_COMPLETE
                                        || event.kind() == EventKind.READ_END)
                .mapToLong(event -> Math.max(0, event.result()))
                .sum();
    }

    private static void assertPaired(Program program) {
        Set<Long> begun = new HashSet<>();
        Set<Long> ended = new HashSet<>();
        for (Event event : program.log.from(0)) {
            switch (event.kind()) {
                case AIO_SUBMIT, READ_START -> assertTrue(begun.add(event.request()));
                case AIO_COMPLETE, AIO_CANCEL, READ_END -> assertTrue(ended.add(event.request()));
                default -> throw new AssertionError(event.toString());
            }
        }
        assertEquals(begun, ended);
    }
}
