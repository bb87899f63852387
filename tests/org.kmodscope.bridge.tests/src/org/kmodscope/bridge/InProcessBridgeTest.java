/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventPump;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;

/** The bridge of this process on a named pipe, which signals its readers as a driver does. */
@Timeout(60)
@SuppressWarnings("try") // closing a pump may wait
class InProcessBridgeTest {

    private static final int WRITES = 50;

    @TempDir Path work;
    private Path device;

    @BeforeEach
    void pipe() throws Exception {
        device = work.resolve("device");
        assertEquals(0, new ProcessBuilder("mkfifo", device.toString()).start().waitFor());
    }

    private ArmRequest request() {
        return new ArmRequest(device.toString(), true, 4096);
    }

    /** Counts the bytes that were read, and tells when all are there. */
    private record Bytes(AtomicLong read, CountDownLatch all, long wanted) implements EventSink {

        Bytes(long wanted) {
            this(new AtomicLong(), new CountDownLatch(1), wanted);
        }

        @Override
        public void accept(long time, long head, long request, long result, long tail) {
            if (EventCodec.kind(head) == EventKind.READ_END && result > 0) {
                if (read.addAndGet(result) == wanted) {
                    all.countDown();
                }
            }
        }
    }

    @Test
    void whatHappensBeforeAnybodyRunsItIsSeen() throws Exception {
        EventSource source = new InProcessBridge().watch(request());
        assertEquals("bridge", source.name());
        try (OutputStream writer = Files.newOutputStream(device)) {
            for (int i = 0; i < WRITES; i++) {
                writer.write(new byte[10]);
            }
            Bytes bytes = new Bytes(10 * WRITES);
            try (EventPump pump = EventPump.start(source, bytes, end -> {})) {
                bytes.all().await();
            }
            assertEquals(10 * WRITES, bytes.read().get());
        }
    }

    @Test
    void whatHappensUntilItIsStoppedIsDelivered() throws Exception {
        EventSource source = new InProcessBridge().watch(request());
        Bytes bytes = new Bytes(10);
        try (OutputStream writer = Files.newOutputStream(device)) {
            EventPump pump = EventPump.start(source, bytes, end -> {});
            writer.write(new byte[10]);
            bytes.all().await();
            writer.write(new byte[7]);
            pump.close();
            assertEquals(17, bytes.read().get());
        }
    }

    @Test
    void oneThatIsNeverRunIsFreed() throws Exception {
        EventSource source = new InProcessBridge().watch(request());
        source.close();
        source.close();
        try (EventPump pump = EventPump.start(source, new Bytes(1), end -> {})) {
            assertEquals("bridge", pump.name());
        }
    }

    @Test
    void whatCannotBeWatchedIsRefusedAtOnce() {
        InProcessBridge bridge = new InProcessBridge();
        assertThrows(
                KmodscopeException.class,
                () -> bridge.watch(new ArmRequest("/dev/not-there", true, 10)));
        assertThrows(
                KmodscopeException.class,
                () -> bridge.watch(new ArmRequest("/dev/null", true, 10)));
    }
}
