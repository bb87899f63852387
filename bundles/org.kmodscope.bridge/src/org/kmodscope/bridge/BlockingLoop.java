/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.function.BooleanSupplier;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.target.IoModel.Direction;

/** One call after the other: each waits in the driver until it can be done. */
final class BlockingLoop implements DeviceLoop {

    private final Descriptor device;
    private final Direction direction;
    private final int bytes;
    private final Abi abi;
    private final int interrupt;
    private final TransferCounts counts = new TransferCounts();
    private volatile @Nullable Interruption interruption;

    /**
     * @param device owned from now on
     */
    BlockingLoop(Descriptor device, Direction direction, int bytes, Abi abi, int interrupt) {
        this.device = device;
        this.direction = direction;
        this.bytes = bytes;
        this.abi = abi;
        this.interrupt = interrupt;
    }

    @Override
    public void run(EventSink sink, BooleanSupplier stopping) throws KmodscopeException {
        Calls calls = new Calls(device, direction, bytes, new Records(sink), counts);
        try (Interruption mine = Interruption.ofThisThread(abi, interrupt)) {
            interruption = mine;
            boolean more = true;
            while (more && !stopping.getAsBoolean()) {
                long result = calls.one();
                if (result < 0 && result != -Libc.EINTR) {
                    throw calls.failure(result);
                }
                more = result != 0;
            }
        }
    }

    @Override
    public void wake() {
        Interruption running = interruption;
        if (running != null) {
            running.begin();
        }
    }

    @Override
    public TransferStatistics statistics() {
        return counts.read();
    }

    @Override
    public void close() {
        device.close();
    }
}
