/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The right to read from a port for a while. Closing the lease wakes its reader and leaves the port
 * open for the next one, where closing the port's own channel would end the port for good.
 */
final class PortLease implements ReadableByteChannel {

    private final SocketChannel port;
    private final Selector selector;
    private volatile boolean open = true;

    /**
     * @param port not blocking from now on
     */
    PortLease(SocketChannel port) throws IOException {
        this.port = port;
        port.configureBlocking(false);
        selector = Selector.open();
        port.register(selector, SelectionKey.OP_READ);
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
            selector.select(key -> {});
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
