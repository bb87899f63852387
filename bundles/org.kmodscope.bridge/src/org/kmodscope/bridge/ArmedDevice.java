/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetSession;

/**
 * A device whose signals a {@link RunningSignals} receives. Methods may be called from any thread
 * but the bridge's own.
 */
public interface ArmedDevice extends TargetSession.Armed {

    /** Its counts; final once the device is closed or the bridge has ended. */
    DeviceStatistics statistics();

    /**
     * Disarms the device and waits until every signal that it sent before has been delivered: no
     * event of it follows. Does nothing when the bridge has ended, or when repeated.
     *
     * @throws KmodscopeException FAILED when the bridge's thread does not come to it within ten
     *     seconds; it is then disarmed as soon as that does
     */
    @Override
    void close() throws KmodscopeException, InterruptedException;
}
