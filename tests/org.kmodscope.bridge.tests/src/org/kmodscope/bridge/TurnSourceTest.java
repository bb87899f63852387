/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;

/** Models that take turns on a FIFO of this machine, which gives each byte to one reader. */
@Timeout(120)
class TurnSourceTest {

    private static final Duration TURN = Duration.ofMillis(100);

    @TempDir private Path directory;
    private Path fifo = Path.of("");
    private RandomAccessFile writer;

    @BeforeEach
    void make() throws Exception {
        fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        // Open for both ends, as a driver's device is: nobody waits for the other.
        writer = new RandomAccessFile(fifo.toFile(), "rw");
    }

    @AfterEach
    void close() throws Exception {
        if (writer != null) {
            writer.close();
        }
    }

    /** Open descriptors of the FIFO, and of what the models wait with. */
    private long descriptors() throws Exception {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            long count = 0;
            for (Path each : all) {
                count += isOurs(each) ? 1 : 0;
            }
            return count;
        }
    }

    private boolean isOurs(Path descriptor) throws Exception {
        try {
            String to = Files.readSymbolicLink(descriptor).toString();
            return to.equals(fifo.toString())
                    || to.matches("anon_inode:.*(poll|uring|event|sig).*");
        } catch (NoSuchFileException closedMeanwhile) {
            return false;
        }
    }

    private Armed arm(String... words) throws Exception {
        IoModel turns = new IoModel.Turns(List.of(words), 2, 64, TURN);
        return Bridge.open().arm(new ArmRequest(fifo.toString(), turns));
    }

    private static boolean begins(Event event) {
        return event.kind() == EventKind.MARKER && event.result() == EventCodec.TURN_BEGINS;
    }

    private static void awaitTurns(Recorder recorder, int count) throws Exception {
        recorder.await(all -> all.stream().filter(TurnSourceTest::begins).count() >= count);
    }

    @Test
    void eachModelReadsInItsTurnAndNoByteIsLost() throws Exception {
        Recorder recorder = new Recorder();
        try (Armed armed = arm("sigio", "poll", "epoll", "block", "uring");
                Running running = armed.start(recorder)) {
            int written = 0;
            for (int turn = 1; turn <= 11; turn++) {
                awaitTurns(recorder, turn);
                Objects.requireNonNull(writer).write(new byte[turn]);
                written += turn;
            }
            int all = written;
            recorder.await(events -> Watching.bytes(events) == all);
            running.stop();
            assertEquals(all, Watching.bytes(recorder.events()));
        }
        assertWellFormed(recorder.events(), 5);
    }

    /**
     * Turns in their order, what a model tells inside its turns or at their edges, all in pairs.
     */
    private static void assertWellFormed(List<Event> events, int models) {
        int turn = 0;
        boolean open = false;
        Set<Long> pending = new HashSet<>();
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            assertEquals(i, event.sequence());
            if (event.kind() == EventKind.MARKER) {
                if (begins(event)) {
                    assertTrue(!open, event::toString);
                    assertEquals(++turn, event.request());
                } else {
                    assertTrue(open, event::toString);
                    assertEquals(Set.of(), pending, "left by turn " + turn);
                }
                assertEquals((turn - 1) % models + 1, event.stream());
                open = begins(event);
            } else if (Watching.isStart(event)) {
                assertTrue(seen.add(event.request()), event::toString);
                pending.add(event.request());
            } else if (Watching.isEnd(event)) {
                assertTrue(pending.remove(event.request()), event::toString);
            }
        }
        assertTrue(!open, "the last turn did not end");
    }

    @Test
    void turnsLeaveNoDescriptorsBehind() throws Exception {
        Recorder recorder = new Recorder();
        long before = descriptors();
        try (Armed armed = arm("sigio", "epoll", "uring");
                Running running = armed.start(recorder)) {
            awaitTurns(recorder, 25);
            running.stop();
        }
        assertEquals(before, descriptors());
    }

    @Test
    void whatOneModelLacksIsSaidBeforeTheFirstTurn() {
        Path missing = directory.resolve("missing");
        IoModel turns = new IoModel.Turns(List.of("poll", "block"), 2, 64, TURN);
        assertThrows(
                KmodscopeException.class,
                () -> Bridge.open().arm(new ArmRequest(missing.toString(), turns)));
    }

    @Test
    void closedBeforeItRunsItFreesWhatItArmed() throws Exception {
        long before = descriptors();
        arm("poll", "epoll", "block").close();
        assertEquals(before, descriptors());
    }

    @Test
    void stopEndsATurnAtOnce() throws Exception {
        Recorder recorder = new Recorder();
        IoModel turns = new IoModel.Turns(List.of("poll", "block"), 2, 64, IoModel.Turns.LONGEST);
        try (Armed armed = Bridge.open().arm(new ArmRequest(fifo.toString(), turns));
                Running running = armed.start(recorder)) {
            awaitTurns(recorder, 1);
            // Fails after some seconds where the turn is waited for.
            running.stop();
        }
        assertWellFormed(recorder.events(), 2);
    }
}
