/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.ArmRequest;

/**
 * What the agent and the bridge have in common: armed on the globalfifo driver in a lab, each sees
 * each signal once, in order, on the clock of that kernel, and nothing else. A subclass says how to
 * arm; the cases are the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class EventSourceConformance {

    static final int POLL_IN_BAND = 0x41;
    static final int POLL_OUT_BAND = 0x304;

    private final boolean bridge;
    private DriverLab lab;

    EventSourceConformance(boolean bridge) {
        this.bridge = bridge;
    }

    /** A device that is armed by the source under test. */
    interface Watch {

        /** What the source delivered of this device so far, in order. */
        List<Event> events();

        /** Waits until so many events of a kind have been delivered. */
        void await(EventKind kind, long count) throws Exception;

        /** Disarms; then all that the device signalled before is in {@link #events}. */
        void close() throws Exception;
    }

    /** Arms a device by the source under test; returns when it is armed. */
    abstract Watch arm(DriverLab lab, ArmRequest request) throws Exception;

    @BeforeAll
    void boot(@TempDir Path project) throws Exception {
        lab = DriverLab.open(project.resolve("driver"), bridge);
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

    /** Which is refused while anything still has the device open: so each case checks that, too. */
    @AfterEach
    void unload() throws Exception {
        lab.unload();
    }

    DriverLab lab() {
        return lab;
    }

    static ArmRequest watched() {
        return new ArmRequest(DriverLab.DEVICE, false, 0);
    }

    static ArmRequest drained(int readBytes) {
        return new ArmRequest(DriverLab.DEVICE, true, readBytes);
    }

    @Test
    void oneWriteIsOneReadableEventAfterIt() throws Exception {
        Watch watch = arm(lab, watched());
        int before = lab.agent().size();
        lab.write(1, 0);
        watch.await(EventKind.SIGIO_IN, 1);
        lab.settle();
        watch.close();

        assertEquals(1, watch.events().size());
        Event signal = watch.events().get(0);
        assertEquals(POLL_IN_BAND, signal.band());
        assertEquals(0, signal.flags());
        Event write =
                lab.agent().from(before).stream()
                        .filter(event -> event.kind() == EventKind.WRITE_START)
                        .findFirst()
                        .orElseThrow();
        long after = signal.timeNanos() - write.timeNanos();
        assertTrue(after > 0 && after < 60_000_000_000L, after + " ns after the write");
    }

    @Test
    void writesAtARateAreAsManyEventsInOrder() throws Exception {
        Watch watch = arm(lab, watched());
        lab.write(500, 500);
        watch.close();

        assertEquals(500, count(watch, EventKind.SIGIO_IN));
        assertEquals(500, watch.events().size());
        assertInOrder(watch.events());
    }

    @Test
    void tenThousandWritesLoseNothing() throws Exception {
        Watch watch = arm(lab, drained(4096));
        lab.write(10_000, 5_000);
        watch.await(EventKind.SIGIO_IN, 10_000);
        watch.close();

        assertEquals(10_000, count(watch, EventKind.SIGIO_IN));
        assertEquals(0, count(watch, EventKind.OVERFLOW));
        assertEquals(0, count(watch, EventKind.LOST));
        assertEquals(10_000, bytesRead(watch));
    }

    @Test
    void drainingReadsAllAndIsToldOfTheRoom() throws Exception {
        Watch watch = arm(lab, drained(16));
        lab.write(100, 0);
        watch.await(EventKind.SIGIO_IN, 100);
        watch.await(EventKind.SIGIO_OUT, 1);
        watch.close();

        assertEquals(100, bytesRead(watch));
        Map<Long, Event> started = new HashMap<>();
        Set<Long> ended = new HashSet<>();
        long successes = 0;
        for (Event event : watch.events()) {
            if (event.kind() == EventKind.READ_START) {
                assertEquals(null, started.put(event.request(), event));
            } else if (event.kind() == EventKind.READ_END) {
                assertTrue(started.get(event.request()).timeNanos() <= event.timeNanos());
                assertTrue(ended.add(event.request()));
                assertTrue(event.result() <= 16);
                successes += event.result() > 0 ? 1 : 0;
            } else if (event.kind() == EventKind.SIGIO_OUT) {
                assertEquals(POLL_OUT_BAND, event.band());
            }
        }
        assertEquals(started.keySet(), ended);
        assertEquals(successes, count(watch, EventKind.SIGIO_OUT), "one for each read");
        // Each sort for itself: several signals are taken up at once, then the reads follow.
        Predicate<Event> read =
                event -> event.kind() == EventKind.READ_START || event.kind() == EventKind.READ_END;
        assertInOrder(watch.events().stream().filter(read).toList());
        assertInOrder(watch.events().stream().filter(read.negate()).toList());
    }

    @Test
    void nothingFollowsADisarmAndItCanBeArmedAgain() throws Exception {
        Watch first = arm(lab, watched());
        lab.write(10, 0);
        first.close();
        int seen = first.events().size();
        assertEquals(10, seen);
        lab.write(10, 0);
        lab.settle();
        assertEquals(seen, first.events().size());

        Watch second = arm(lab, watched());
        lab.write(1, 0);
        second.await(EventKind.SIGIO_IN, 1);
        second.close();
        assertEquals(1, second.events().size());
        assertEquals(seen, first.events().size());
    }

    @Test
    void aModuleIsInUseWhileItsDeviceIsArmed() throws Exception {
        Watch watch = arm(lab, watched());
        KmodscopeException refused = assertThrows(KmodscopeException.class, lab::unload);
        assertEquals(KmodscopeException.Kind.FAILED, refused.kind());
        lab.write(1, 0);
        watch.await(EventKind.SIGIO_IN, 1);
        watch.close();
    }

    @Test
    void aDeviceWithoutFasyncIsRefused() {
        KmodscopeException refused =
                assertThrows(
                        KmodscopeException.class,
                        () -> arm(lab, new ArmRequest("/dev/null", false, 0)));
        assertEquals(KmodscopeException.Kind.FAILED, refused.kind());
        assertTrue(refused.getMessage().contains("fasync"), refused.getMessage());
        assertFalse(refused.remedy().isEmpty());
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        KmodscopeException refused =
                assertThrows(
                        KmodscopeException.class,
                        () -> arm(lab, new ArmRequest("/dev/not-there", false, 0)));
        assertEquals(KmodscopeException.Kind.FAILED, refused.kind());
        assertTrue(refused.getMessage().contains("/dev/not-there"), refused.getMessage());
        assertFalse(refused.remedy().isEmpty());
    }

    static long count(Watch watch, EventKind kind) {
        return watch.events().stream().filter(event -> event.kind() == kind).count();
    }

    private static long bytesRead(Watch watch) {
        return watch.events().stream()
                .filter(event -> event.kind() == EventKind.READ_END)
                .mapToLong(event -> Math.max(0, event.result()))
                .sum();
    }

    private static void assertInOrder(List<Event> events) {
        for (int i = 1; i < events.size(); i++) {
            long step = events.get(i).timeNanos() - events.get(i - 1).timeNanos();
            assertTrue(step >= 0, "event " + i + " is older than the one before: " + step);
        }
    }
}
