/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PortLeaseTest {

    @TempDir Path work;
    private SocketChannel port;
    private SocketChannel guest;
    private Thread reader;

    @BeforeEach
    void connect() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(work.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            guest = SocketChannel.open(address);
            port = server.accept();
        }
    }

    @AfterEach
    void end() throws Exception {
        port.close();
        guest.close();
    }

    private void send(String text) throws Exception {
        guest.write(ByteBuffer.wrap(text.getBytes()));
    }

    private static String read(PortLease lease) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        lease.read(buffer);
        return new String(buffer.array(), 0, buffer.position());
    }

    private static Throwable failure(FutureTask<String> read) {
        return assertThrows(ExecutionException.class, () -> read.get(20, TimeUnit.SECONDS))
                .getCause();
    }

    /** Has a thread read twice; returns when the first is done, and the second finds nothing. */
    private FutureTask<String> readTwice(PortLease lease) throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        FutureTask<String> second =
                new FutureTask<>(
                        () -> {
                            assertEquals("once", read(lease));
                            first.countDown();
                            return read(lease);
                        });
        reader = Thread.ofPlatform().daemon().start(second);
        send("once");
        assertTrue(first.await(20, TimeUnit.SECONDS));
        return second;
    }

    @Test
    void theNextLeaseReadsOn() throws Exception {
        try (PortLease first = PortLease.begin(port)) {
            send("one");
            assertEquals("one", read(first));
        }
        send("half a rec");
        try (PortLease second = PortLease.begin(port)) {
            send("two");
            assertEquals("two", read(second), "and nothing of what was left");
        }
        assertTrue(port.isOpen());
    }

    @Test
    void aPortThatAnotherStillWritesToIsNotLeased() throws Exception {
        ByteBuffer block = ByteBuffer.allocate(4096);
        FutureTask<Void> other =
                new FutureTask<>(
                        () -> {
                            // Until the other end closes: that ends it with an exception.
                            while (true) {
                                guest.write(block.clear());
                            }
                        });
        Thread.ofPlatform().daemon().start(other);
        // A busy machine may keep the writer from its processor for as long as a port is quiet.
        Duration quiet = Duration.ofSeconds(20);
        assertThrows(IOException.class, () -> PortLease.begin(port, quiet));
        port.close();
        assertThrows(ExecutionException.class, () -> other.get(20, TimeUnit.SECONDS));
    }

    @Test
    void closingWhileTheReaderComesInIsNoDefect() throws Exception {
        for (int i = 0; i < 200; i++) {
            PortLease lease = PortLease.begin(port, Duration.ofMillis(1));
            CountDownLatch ready = new CountDownLatch(1);
            FutureTask<String> reading =
                    new FutureTask<>(
                            () -> {
                                ready.countDown();
                                return read(lease);
                            });
            Thread.ofPlatform().daemon().start(reading);
            assertTrue(ready.await(20, TimeUnit.SECONDS));
            lease.close();
            assertInstanceOf(AsynchronousCloseException.class, failure(reading));
        }
    }

    @Test
    void closingWakesTheReader() throws Exception {
        PortLease lease = PortLease.begin(port);
        FutureTask<String> read = readTwice(lease);
        lease.close();
        lease.close();
        assertInstanceOf(AsynchronousCloseException.class, failure(read));
        assertTrue(port.isOpen());
    }

    @Test
    void interruptingWakesTheReaderAndLeavesThePortOpen() throws Exception {
        PortLease lease = PortLease.begin(port);
        FutureTask<String> read = readTwice(lease);
        reader.interrupt();
        assertInstanceOf(ClosedByInterruptException.class, failure(read));
        assertTrue(port.isOpen());
        try (PortLease next = PortLease.begin(port)) {
            send("on");
            assertEquals("on", read(next));
        }
    }

    @Test
    void theEndOfThePortIsTheEnd() throws Exception {
        try (PortLease lease = PortLease.begin(port)) {
            guest.close();
            assertEquals(-1, lease.read(ByteBuffer.allocate(10)));
        }
    }
}
