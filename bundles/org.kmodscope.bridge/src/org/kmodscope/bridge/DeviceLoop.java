/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.function.BooleanSupplier;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;

/**
 * What a {@link LoopSource} does with its device, in one thread. Whoever holds it calls {@link
 * #run} once at most and {@link #close} once, not at the same time.
 */
interface DeviceLoop extends AutoCloseable {

    /**
     * Goes on until it is told to stop, or the device has ended.
     *
     * @param stopping looked at before every wait
     */
    void run(EventSink sink, BooleanSupplier stopping) throws KmodscopeException;

    /** Has a running loop look at {@code stopping} soon; by any thread, harmless otherwise. */
    void wake();

    /** What was counted so far; by any thread. */
    TransferStatistics statistics();

    /** Frees what it holds. */
    @Override
    void close();
}
