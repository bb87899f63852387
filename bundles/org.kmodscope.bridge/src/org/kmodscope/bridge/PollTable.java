/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.util.List;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Looks at all armed descriptors at once, without waiting (poll(2)): after an overflow, and now and
 * then for those that went away, of which no signal tells.
 *
 * <pre>
 * struct pollfd (8 bytes)
 * byte 0    4        6         8
 *      +----+--------+---------+
 *      | fd | events | revents |
 *      +----+--------+---------+
 * </pre>
 */
final class PollTable {

    static final int ENTRY_BYTES = 8;

    static final int POLLIN = 0x1;
    static final int POLLPRI = 0x2;
    static final int POLLOUT = 0x4;
    static final int POLLERR = 0x8;
    static final int POLLHUP = 0x10;
    static final int POLLNVAL = 0x20;
    static final int POLLRDNORM = 0x40;
    static final int POLLWRNORM = 0x100;
    static final int POLLWRBAND = 0x200;

    private Pointer entries = Libc.zeroed(16L * ENTRY_BYTES);
    private int capacity = 16;

    /**
     * Asks.
     *
     * @param events what to ask for; 0 asks for POLLERR, POLLHUP and POLLNVAL, which always count
     */
    void ask(List<Watch> watches, int events) throws KmodscopeException {
        if (watches.size() > capacity) {
            capacity = 2 * watches.size();
            entries = Libc.zeroed((long) capacity * ENTRY_BYTES);
        }
        for (int i = 0; i < watches.size(); i++) {
            long offset = (long) i * ENTRY_BYTES;
            entries.setInt(offset, watches.get(i).number());
            entries.setShort(offset + 4, (short) events);
            entries.setShort(offset + 6, (short) 0);
        }
        while (Libc.poll(entries, watches.size(), 0) < 0) {
            int error = Libc.errno();
            if (error != Libc.EINTR) {
                throw new KmodscopeException(
                        Kind.FAILED,
                        "poll of " + watches.size() + " devices failed: " + Libc.text(error) + ".",
                        "Watch fewer devices, or raise the limit of open files (ulimit -n).");
            }
        }
    }

    /**
     * Waits for one descriptor.
     *
     * @param nanos at most this long, to the next millisecond; negative for as long as it takes
     * @return what it found; 0 when it was interrupted or the time was up
     */
    static int await(int descriptor, int events, long nanos) throws KmodscopeException {
        Pointer entry = Libc.zeroed(ENTRY_BYTES);
        entry.setInt(0, descriptor);
        entry.setShort(4, (short) events);
        int milliseconds = nanos < 0 ? -1 : (int) Math.min(60_000, (nanos + 999_999) / 1_000_000);
        if (Libc.poll(entry, 1, milliseconds) < 0 && Libc.errno() != Libc.EINTR) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "poll failed: " + Libc.text(Libc.errno()) + ".",
                    "Raise the limit of open files (ulimit -n).");
        }
        return entry.getShort(6) & 0xffff;
    }

    /** What the latest {@link #ask} found for the watch at this index. */
    int answer(int index) {
        return entries.getShort((long) index * ENTRY_BYTES + 6) & 0xffff;
    }
}
