/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * A descriptor that becomes readable when somebody says so, and stays it (eventfd(2)): by it a
 * thread that waits in the kernel is told to stop. Whoever closes it sees to it that nobody uses it
 * any more.
 */
final class EventDescriptor implements AutoCloseable {

    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    private final int number;
    private final Pointer one = Libc.zeroed(Long.BYTES);

    private EventDescriptor(int number) {
        this.number = number;
        one.setLong(0, 1);
    }

    /**
     * One whose readiness is waited for.
     *
     * @throws KmodscopeException MISSING when the process may open no more
     */
    static EventDescriptor open() throws KmodscopeException {
        return open(EFD_CLOEXEC | EFD_NONBLOCK);
    }

    /** One that is waited for by reading it. */
    static EventDescriptor openForReading() throws KmodscopeException {
        return open(EFD_CLOEXEC);
    }

    private static EventDescriptor open(int flags) throws KmodscopeException {
        int number = Libc.eventfd(0, flags);
        if (number < 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "An eventfd cannot be opened: " + Libc.text(Libc.errno()) + ".",
                    "Raise the limit of open files (ulimit -n).");
        }
        return new EventDescriptor(number);
    }

    int number() {
        return number;
    }

    /** Makes it readable, by any thread. */
    void raise() {
        Libc.write(number, one, Long.BYTES);
    }

    /** Makes it unreadable again; not one that is for reading. */
    void clear() {
        Pointer count = Libc.zeroed(Long.BYTES);
        Libc.read(number, Libc.address(count), Long.BYTES);
    }

    @Override
    public void close() {
        Libc.close(number);
    }
}
