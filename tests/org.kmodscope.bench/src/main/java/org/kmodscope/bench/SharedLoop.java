/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The memory that the writer shares with a receiver: {@code struct shared} of common.h.
 *
 * <pre>
 * byte 0          64      128      4096                4096 + 8 * 65536
 *      +----------+-------+--------+-------------------+
 *      | consumed | ready | queued | sent_at[65536]    |   64-bit words, this machine's order
 *      +----------+-------+--------+-------------------+
 * </pre>
 */
final class SharedLoop {

    private static final int CONSUMED = 0;
    private static final int READY = 64;
    private static final int QUEUED = 128;
    private static final int SENT_AT = 4096;
    private static final int SLOTS = 65_536;
    private static final int BYTES = SENT_AT + SLOTS * Long.BYTES;
    private static final VarHandle WORD =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Path file;
    private final ByteBuffer memory;

    private SharedLoop(Path file, ByteBuffer memory) {
        this.file = file;
        this.memory = memory;
    }

    /** A new file, all zeros. */
    static SharedLoop create(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            return new SharedLoop(file, memory.order(ByteOrder.nativeOrder()));
        }
    }

    Path file() {
        return file;
    }

    /** Lets the writer begin. */
    void ready() {
        WORD.setRelease(memory, READY, 1L);
    }

    /** How many events were taken, which lets the writer go on. */
    void consumed(long events) {
        WORD.setRelease(memory, CONSUMED, events);
    }

    /** How many events were written in whole bursts. */
    long queued() {
        return (long) WORD.getAcquire(memory, QUEUED);
    }

    /** When an event was written, CLOCK_MONOTONIC; while the writer is not that far ahead. */
    long sentAt(long event) {
        return memory.getLong(SENT_AT + (int) (event % SLOTS) * Long.BYTES);
    }
}
