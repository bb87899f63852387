/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.target.IoModel;

/** Signals of any number of devices, which come and go. */
@SuppressWarnings("resource") // the caller closes a device, and the source all that are left
public final class RunningSignals extends Running {

    private final SigioSource source;

    RunningSignals(SigioSource source, EventSink sink) {
        super(source, source::statistics, sink);
        this.source = source;
    }

    /**
     * Opens a device and arms it: it is armed when this returns.
     *
     * @throws KmodscopeException FAILED when it cannot be opened or its driver has no fasync
     */
    public ArmedDevice arm(String device, IoModel.Signals how)
            throws KmodscopeException, InterruptedException {
        return live(source.arm(device, how));
    }

    /** As {@link #arm}, for an open file, through a duplicate. */
    public ArmedDevice armDescriptor(int descriptor, IoModel.Signals how)
            throws KmodscopeException, InterruptedException {
        return live(source.armDescriptor(descriptor, how));
    }

    private static ArmedDevice live(SigioSource.Device device)
            throws KmodscopeException, InterruptedException {
        device.awaitLive();
        return device;
    }
}
