/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.function.BooleanSupplier;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.target.IoModel.Direction;

/** Waits until the device is readable, then reads until nothing is left. */
final class ReadinessLoop implements DeviceLoop {

    private static final int STREAM = 1;
    private static final int GONE = PollTable.POLLERR | PollTable.POLLHUP | PollTable.POLLNVAL;

    /** "Readable" and then nothing, so often in a row, comes from no poll function. */
    private static final int EMPTY_ROUNDS = 100;

    private final Descriptor device;
    private final int bytes;
    private final Readiness readiness;
    private final TransferCounts counts = new TransferCounts();
    private int emptyRounds;

    /**
     * @param device owned from now on; in non-blocking mode
     * @param readiness of that device; owned from now on
     */
    ReadinessLoop(Descriptor device, int bytes, Readiness readiness) {
        this.device = device;
        this.bytes = bytes;
        this.readiness = readiness;
    }

    @Override
    public void run(EventSink sink, BooleanSupplier stopping) throws KmodscopeException {
        Records records = new Records(sink);
        Calls calls = new Calls(device, Direction.READ, bytes, records, counts);
        boolean more = true;
        while (more && !stopping.getAsBoolean()) {
            int found = readiness.await();
            if ((found & PollTable.POLLIN) != 0) {
                more = drain(calls, stopping);
            } else if ((found & GONE) != 0) {
                records.put(System.nanoTime(), EventKind.DEVICE_GONE, 0, STREAM, 0, 0, found);
                more = false;
            }
        }
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
        readiness.wake();
    }

    @Override
    public TransferStatistics statistics() {
        return counts.read();
    }

    @Override
    public void close() {
        readiness.close();
        device.close();
    }
}
