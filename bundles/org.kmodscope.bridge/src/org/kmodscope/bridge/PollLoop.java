/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.util.function.BooleanSupplier;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.target.IoModel.Direction;

/**
 * Waits in poll(2) until the device is readable, then reads until nothing is left. A second entry,
 * an eventfd, is for the end.
 */
final class PollLoop implements DeviceLoop {

    private static final int STREAM = 1;
    private static final int GONE = PollTable.POLLERR | PollTable.POLLHUP | PollTable.POLLNVAL;

    /** "Readable" and then nothing, so often in a row, comes from no poll function. */
    private static final int EMPTY_ROUNDS = 100;

    private final Descriptor device;
    private final int bytes;
    private final EventDescriptor waker;
    private final Pointer entries = Libc.zeroed(2L * PollTable.ENTRY_BYTES);
    private final TransferCounts counts = new TransferCounts();
    private int emptyRounds;

    /**
     * @param device owned from now on; in non-blocking mode
     * @throws KmodscopeException MISSING when the process may open no more files
     */
    PollLoop(Descriptor device, int bytes) throws KmodscopeException {
        this.device = device;
        this.bytes = bytes;
        this.waker = EventDescriptor.open();
        entries.setInt(0, device.number());
        entries.setShort(4, (short) PollTable.POLLIN);
        entries.setInt(PollTable.ENTRY_BYTES, waker.number());
        entries.setShort(PollTable.ENTRY_BYTES + 4, (short) PollTable.POLLIN);
    }

    @Override
    public void run(EventSink sink, BooleanSupplier stopping) throws KmodscopeException {
        Records records = new Records(sink);
        Calls calls = new Calls(device, Direction.READ, bytes, records, counts);
        boolean more = true;
        while (more && !stopping.getAsBoolean()) {
            int found = poll();
            if ((found & PollTable.POLLIN) != 0) {
                more = drain(calls, stopping);
            } else if ((found & GONE) != 0) {
                records.put(System.nanoTime(), EventKind.DEVICE_GONE, 0, STREAM, 0, 0, found);
                more = false;
            }
        }
    }

    private int poll() throws KmodscopeException {
        if (Libc.poll(entries, 2, -1) >= 0) {
            return entries.getShort(6) & 0xffff;
        }
        int error = Libc.errno();
        if (error == Libc.EINTR) {
            return 0;
        }
        throw new KmodscopeException(
                Kind.FAILED,
                "poll of " + device.title() + " failed: " + Libc.text(error) + ".",
                "See the driver's poll function and the kernel log.");
    }

    /** Reads until nothing is left; false at the end of the file. */
    private boolean drain(Calls calls, BooleanSupplier stopping) throws KmodscopeException {
        emptyRounds++;
        while (!stopping.getAsBoolean()) {
            long result = calls.one();
            if (result == 0) {
                return false;
            }
            if (result == -Libc.EAGAIN) {
                break;
            }
            if (result < 0 && result != -Libc.EINTR) {
                throw calls.failure(result);
            }
            emptyRounds = 0;
        }
        if (emptyRounds > EMPTY_ROUNDS) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    device.title() + " is always readable and never has anything.",
                    "Give the driver a poll function that says EPOLLIN only when a read would"
                            + " get something.");
        }
        return true;
    }

    @Override
    public void wake() {
        waker.raise();
    }

    @Override
    public TransferStatistics statistics() {
        return counts.read();
    }

    @Override
    public void close() {
        waker.close();
        device.close();
    }
}
