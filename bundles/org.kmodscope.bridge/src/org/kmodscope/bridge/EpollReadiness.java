/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * By epoll(7), level-triggered: the device is registered once, and its driver's wait queue from
 * then on wakes the thread. A second descriptor, an eventfd, is for {@link #wake}.
 *
 * <pre>
 * struct epoll_event (linux/eventpoll.h)
 *                 byte 0        4        8      12     16
 * x86-64 (packed)      | events | data          |
 * aarch64              | events |        | data        |
 * </pre>
 *
 * <p>EPOLLIN, EPOLLERR and EPOLLHUP are the same bits as poll's.
 */
final class EpollReadiness implements Readiness {

    static final int EPOLL_CLOEXEC = 0x80000;
    static final int EPOLL_CTL_ADD = 1;

    private static final long DEVICE = 0x6b6d6f64_64657631L;
    private static final long WAKER = 0x6b6d6f64_77616b65L;
    private static final int MOST = 2;
    private static final int SELF_TEST_MILLIS = 5_000;

    private final Descriptor device;
    private final int eventBytes;
    private final int set;
    private final EventDescriptor waker;
    private final Pointer events;

    private EpollReadiness(
            Descriptor device, int eventBytes, int set, EventDescriptor waker, Pointer events) {
        this.device = device;
        this.eventBytes = eventBytes;
        this.set = set;
        this.waker = waker;
        this.events = events;
    }

    /**
     * Registers a device, after the eventfd has gone the whole way, so that the layout is not
     * merely believed.
     *
     * @throws KmodscopeException FAILED when its driver has no poll function, MISSING when the
     *     process may open no more files
     */
    static EpollReadiness open(Abi abi, Descriptor device) throws KmodscopeException {
        int set = Libc.epoll_create1(EPOLL_CLOEXEC);
        if (set < 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "An epoll set cannot be opened: " + Libc.text(Libc.errno()) + ".",
                    "Raise the limit of open files (ulimit -n).");
        }
        try (Undo undo = new Undo()) {
            undo.with(() -> Libc.close(set));
            EventDescriptor waker = EventDescriptor.open();
            undo.with(waker::close);
            int bytes = abi.epollEvent();
            Pointer events = Libc.zeroed((long) MOST * bytes);
            EpollReadiness epoll = new EpollReadiness(device, bytes, set, waker, events);
            epoll.selfTest();
            epoll.register();
            undo.nothing();
            return epoll;
        }
    }

    private void selfTest() throws KmodscopeException {
        int error = add(waker.number(), WAKER);
        waker.raise();
        if (error != 0
                || Libc.epoll_wait(set, events, MOST, SELF_TEST_MILLIS) != 1
                || data(0) != WAKER
                || events.getInt(0) != PollTable.POLLIN) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "An event does not come through epoll as it was sent.",
                    "Run kmodscope outside of the emulator or sandbox, or use another model than"
                            + " epoll.");
        }
        waker.clear();
    }

    private void register() throws KmodscopeException {
        int error = add(device.number(), DEVICE);
        if (error == Libc.EPERM) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    device.title() + " has no poll function, and epoll waits for no such file.",
                    "Give the driver a poll function, or use another model than epoll.");
        }
        if (error != 0) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    device.title() + " cannot be waited for by epoll: " + Libc.text(error) + ".",
                    "Raise the limit of watched files (sysctl fs.epoll.max_user_watches).");
        }
    }

    /** 0, or errno. */
    private int add(int descriptor, long data) {
        events.setInt(0, PollTable.POLLIN);
        events.setLong(dataOffset(), data);
        return Libc.epoll_ctl(set, EPOLL_CTL_ADD, descriptor, events) == 0 ? 0 : Libc.errno();
    }

    private int dataOffset() {
        return eventBytes - Long.BYTES;
    }

    private long data(int index) {
        return events.getLong((long) index * eventBytes + dataOffset());
    }

    @Override
    public int await() throws KmodscopeException {
        int count = Libc.epoll_wait(set, events, MOST, -1);
        if (count < 0 && Libc.errno() != Libc.EINTR) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "epoll_wait for "
                            + device.title()
                            + " failed: "
                            + Libc.text(Libc.errno())
                            + ".",
                    "See the driver's poll function and the kernel log.");
        }
        for (int index = 0; index < count; index++) {
            if (data(index) == DEVICE) {
                return events.getInt((long) index * eventBytes);
            }
        }
        return 0;
    }

    @Override
    public void wake() {
        waker.raise();
    }

    @Override
    public void close() {
        Libc.close(set);
        waker.close();
    }
}
