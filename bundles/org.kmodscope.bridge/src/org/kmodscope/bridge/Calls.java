/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.IoModel.Direction;

/** Calls of read(2) or write(2), each told by its start and its end. */
final class Calls {

    private static final int STREAM = 1;

    private final Descriptor device;
    private final boolean reads;
    private final int bytes;
    private final Records records;
    private final TransferCounts counts;
    private final Pointer buffer;
    private final long address;
    private long requests;

    Calls(
            Descriptor device,
            Direction direction,
            int bytes,
            Records records,
            TransferCounts counts) {
        this.device = device;
        this.reads = direction == Direction.READ;
        this.bytes = bytes;
        this.records = records;
        this.counts = counts;
        this.buffer = Libc.zeroed(bytes);
        this.address = Libc.address(buffer);
    }

    /**
     * Makes one call.
     *
     * @return its byte count or -errno
     */
    long one() {
        long request = ++requests;
        counts.started();
        EventKind start = reads ? EventKind.READ_START : EventKind.WRITE_START;
        records.put(System.nanoTime(), start, STREAM, request, 0);
        long result =
                reads
                        ? Libc.read(device.number(), address, bytes)
                        : Libc.write(device.number(), buffer, bytes);
        if (result < 0) {
            result = -Libc.errno();
        }
        counts.ended(result);
        EventKind end = reads ? EventKind.READ_END : EventKind.WRITE_END;
        records.put(System.nanoTime(), end, STREAM, request, result);
        return result;
    }

    /** For a result that a program cannot go on with. */
    KmodscopeException failure(long result) {
        String what = reads ? "read" : "write";
        return new KmodscopeException(
                Kind.FAILED,
                "A "
                        + what
                        + " of "
                        + device.title()
                        + " failed: "
                        + Libc.text((int) -result)
                        + ".",
                "See the driver's " + what + " function and the kernel log.");
    }
}
