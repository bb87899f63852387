/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * By poll(2). A second entry, an eventfd, is for {@link #wake}. The entries are laid out as in
 * {@link PollTable}.
 */
final class PollReadiness implements Readiness {

    private static final int EVENTS = 4;
    private static final int REVENTS = 6;

    private final Descriptor device;
    private final EventDescriptor waker;
    private final Pointer entries = Libc.zeroed(2L * PollTable.ENTRY_BYTES);

    /**
     * @throws KmodscopeException MISSING when the process may open no more files
     */
    PollReadiness(Descriptor device) throws KmodscopeException {
        this.device = device;
        this.waker = EventDescriptor.open();
        entries.setInt(0, device.number());
        entries.setShort(EVENTS, (short) PollTable.POLLIN);
        entries.setInt(PollTable.ENTRY_BYTES, waker.number());
        entries.setShort(PollTable.ENTRY_BYTES + EVENTS, (short) PollTable.POLLIN);
    }

    @Override
    public int await() throws KmodscopeException {
        if (Libc.poll(entries, 2, -1) >= 0) {
            return entries.getShort(REVENTS) & 0xffff;
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

    @Override
    public void wake() {
        waker.raise();
    }

    @Override
    public void close() {
        waker.close();
    }
}
