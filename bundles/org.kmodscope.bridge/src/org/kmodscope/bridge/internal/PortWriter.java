/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge.internal;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventRing;
import org.kmodscope.core.event.EventSink;

/**
 * Writes events to a channel that may be slow or stand still, without ever holding up the thread
 * that has them: between the two is an {@link EventRing}, which counts what it has no room for and
 * says so as LOST. The writer numbers the records, so that a reader can tell that none is missing.
 *
 * <p>It has one thread, started by the constructor and joined by {@link #finish}.
 */
final class PortWriter implements EventSink {

    private static final int BATCH = 512;

    private final EventRing ring;
    private final WritableByteChannel channel;
    private final Runnable onFailure;
    private final ByteBuffer buffer = EventCodec.allocate(BATCH * EventCodec.RECORD_BYTES);
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean ended;
    private long written;

    /**
     * @param ring what lies between the two threads
     * @param channel where to write; stays the caller's
     * @param onFailure told when the channel cannot be written any more
     */
    PortWriter(EventRing ring, WritableByteChannel channel, Runnable onFailure) {
        this.ring = ring;
        this.channel = channel;
        this.onFailure = onFailure;
        thread = Thread.ofPlatform().daemon().name("kmodscope port writer").start(this::run);
    }

    /** Called by one thread, that of the source. */
    @Override
    public void accept(long time, long head, long request, long result, long tail) {
        ring.accept(time, head, request, result, tail);
        // The record must be seen before the flag is looked at, or both threads could wait.
        VarHandle.fullFence();
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Ends the writer when all that was accepted has been written.
     *
     * @return how many records were written
     * @throws KmodscopeException LAB when the channel broke, or stood still for that long
     */
    long finish(Duration patience) throws KmodscopeException, InterruptedException {
        ended = true;
        LockSupport.unpark(thread);
        if (!thread.join(patience)) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "Events could not be handed out: nobody reads the port.",
                    "Read the bridge's events until it has ended.");
        }
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "Events could not be handed out: " + e.getCause() + ".",
                    "See the kernel log of the lab.",
                    e.getCause());
        }
    }

    private void run() {
        try {
            EventCodec.putHeader(buffer);
            flush();
            while (true) {
                // Looked at before the ring is: what came before the end is written.
                boolean last = ended;
                if (ring.drain(this::put, BATCH) > 0) {
                    flush();
                } else if (last) {
                    break;
                } else {
                    waitForMore();
                }
            }
            done.complete(written);
        } catch (IOException | RuntimeException | Error e) {
            done.completeExceptionally(e);
            onFailure.run();
        }
    }

    private void waitForMore() throws IOException {
        parked = true;
        VarHandle.fullFence();
        if (ring.drain(this::put, BATCH) > 0) {
            parked = false;
            flush();
            return;
        }
        if (!ended) {
            LockSupport.park(this);
        }
        parked = false;
    }

    private void put(long time, long head, long request, long result, long tail) {
        buffer.putLong(time)
                .putLong(head)
                .putLong(request)
                .putLong(result)
                .putLong(EventCodec.tail(EventCodec.band(tail), (int) written++));
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
