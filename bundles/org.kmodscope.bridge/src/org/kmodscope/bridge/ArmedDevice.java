/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetSession;

/**
 * A device that a {@link SigioBridge} watches. Methods may be called from any thread but the
 * bridge's own.
 */
public interface ArmedDevice extends TargetSession.Armed {

    /**
     * Waits until the device signals to the bridge: returns at once when it was armed while the
     * bridge ran, and else when {@link SigioBridge#run} has begun.
     *
     * @throws KmodscopeException when it could not be armed, or the bridge ended before
     */
    void awaitLive() throws KmodscopeException, InterruptedException;

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
