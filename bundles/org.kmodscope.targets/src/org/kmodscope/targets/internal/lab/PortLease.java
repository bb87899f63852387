/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The right to read from a port for a while. Closing the lease wakes its reader and leaves the port
 * open for the next one, where closing the port's own channel would end the port for good.
 */
final class PortLease implements ReadableByteChannel {

    private static final Duration QUIET = Duration.ofMillis(50);
    private static final Duration QUIET_WITHIN = Duration.ofSeconds(2);

    private final SocketChannel port;
    private final Selector selector;
    private volatile boolean open = true;

    private PortLease(SocketChannel port, Selector selector) {
        this.port = port;
        this.selector = selector;
    }

    /**
     * Begins a lease. What an earlier one left unread is dropped: it belongs to a writer that has
     * ended, and would shift all that follows.
     *
     * @param port not blocking from now on
     */
    static PortLease begin(SocketChannel port) throws IOException {
        return begin(port, QUIET);
    }

    static PortLease begin(SocketChannel port, Duration quiet) throws IOException {
        PortLease lease = only(port);
        try {
            lease.discard(quiet);
            return lease;
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /**
     * Begins the only lease of a port: nothing is dropped. Its end leaves the port open, because a
     * line of user-mode Linux that is closed from here makes that kernel complain.
     *
     * @param port not blocking from now on
     */
    static PortLease only(SocketChannel port) throws IOException {
        port.configureBlocking(false);
        PortLease lease = new PortLease(port, Selector.open());
        try {
            port.register(lease.selector, SelectionKey.OP_READ);
            return lease;
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private void discard(Duration quiet) throws IOException {
        ByteBuffer dropped = ByteBuffer.allocate(64 * 1024);
        long deadline = System.nanoTime() + QUIET_WITHIN.toNanos();
        do {
            // The machine hands on the rest only when there is room for it.
            selector.select(key -> {}, quiet.toMillis());
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("somebody still writes to it");
            }
        } while (port.read(dropped.clear()) > 0);
    }

    @Override
    public int read(@Nullable ByteBuffer into) throws IOException {
        while (true) {
            if (!open) {
                throw new AsynchronousCloseException();
            }
            int count = port.read(into);
            if (count != 0) {
                return count;
            }
            try {
                selector.select(key -> {});
            } catch (ClosedSelectorException e) {
                continue; // closed just now
            }
            if (Thread.currentThread().isInterrupted()) {
                close();
                throw new ClosedByInterruptException();
            }
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Harmless when repeated. */
    @Override
    public void close() throws IOException {
        open = false;
        selector.close();
    }
}
