/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import org.eclipse.jdt.annotation.Nullable;

/**
 * One watched descriptor. Its thread is the bridge's; the counters are written by that thread alone
 * and read by any, which an opaque store of a plain sum allows without a locked instruction.
 */
final class Watch {

    /** What is counted, see {@link DeviceStatistics}. */
    enum Count {
        READABLE,
        WRITABLE,
        OTHER,
        RESYNC,
        READS,
        BYTES,
        GONE
    }

    private static final int COUNTS = Count.values().length;

    private final Descriptor descriptor;
    private final int stream;
    private final int readBytes;
    private final Pointer buffer;
    private final long bufferAddress;
    private final AtomicLongArray counts = new AtomicLongArray(COUNTS);
    private final CompletableFuture<@Nullable Void> live = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private int fault;

    /**
     * @param readBytes how much one read asks for; 0 not to read
     */
    Watch(Descriptor descriptor, int stream, int readBytes) {
        this.descriptor = descriptor;
        this.stream = stream;
        this.readBytes = readBytes;
        this.buffer = Libc.zeroed(Math.max(1, readBytes));
        this.bufferAddress = Libc.address(buffer);
    }

    int stream() {
        return stream;
    }

    DeviceStatistics statistics() {
        return new DeviceStatistics(
                stream,
                get(Count.READABLE),
                get(Count.WRITABLE),
                get(Count.OTHER),
                get(Count.RESYNC),
                get(Count.READS),
                get(Count.BYTES),
                get(Count.GONE) != 0);
    }

    /** Completes when signals flow, or with the reason why they cannot. */
    CompletableFuture<@Nullable Void> live() {
        return live;
    }

    /** Completes when no event can follow and the descriptor is free. */
    CompletableFuture<@Nullable Void> closed() {
        return closed;
    }

    Descriptor descriptor() {
        return descriptor;
    }

    int number() {
        return descriptor.number();
    }

    boolean drains() {
        return readBytes > 0;
    }

    /**
     * Reads once, by the bridge's thread.
     *
     * @return the byte count or -errno
     */
    long read() {
        long result = Libc.read(descriptor.number(), bufferAddress, readBytes);
        if (result < 0) {
            result = -Libc.errno();
        }
        add(Count.READS, 1);
        if (result > 0) {
            add(Count.BYTES, result);
        }
        return result;
    }

    void add(Count count, long amount) {
        int index = count.ordinal();
        counts.setOpaque(index, counts.getPlain(index) + amount);
    }

    boolean isGone() {
        return get(Count.GONE) != 0;
    }

    /** Remembers the POLLERR state; true when it became set. */
    boolean faultAppeared(int now) {
        boolean appeared = now != 0 && fault == 0;
        fault = now;
        return appeared;
    }

    private long get(Count count) {
        return counts.getOpaque(count.ordinal());
    }
}
