/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Events that are drawn on one line. Notification and asynchronous I/O never share one; losses have
 * none, they cross all.
 */
public enum Lane {
    /** Write calls; a call counts once. */
    WRITE(Category.of(EventKind.WRITE_START), Category.of(EventKind.WRITE_END)),
    /** "Readable", generated and arrived, and signals of other bands. */
    SIGIO_IN(
            Category.of(EventKind.SIGIO_IN)
                    | Category.of(EventKind.SIGIO_OTHER)
                    | Category.of(EventKind.SIGNAL_GENERATED),
            0),
    /** Read calls; a call counts once. */
    READ(Category.of(EventKind.READ_START), Category.of(EventKind.READ_END)),
    /** "Writable", generated and arrived. */
    SIGIO_OUT(Category.of(EventKind.SIGIO_OUT) | 1 << Category.GENERATED_OUT, 0),
    /** Asynchronous requests; submission and end count both. */
    AIO(
            Category.of(EventKind.AIO_SUBMIT)
                    | Category.of(EventKind.AIO_COMPLETE)
                    | Category.of(EventKind.AIO_CANCEL),
            0),
    /** Work items; an item counts once. */
    WORK(Category.of(EventKind.WORK_START), Category.of(EventKind.WORK_END)),
    /** Lines of the kernel log. */
    KERNEL_LOG(Category.of(EventKind.KERNEL_LOG) | 1 << Category.WARNING, 0),
    /** What belongs to no other lane: markers, the end of a device, unknown kinds. */
    MARK(
            Category.of(EventKind.UNKNOWN)
                    | Category.of(EventKind.MARKER)
                    | Category.of(EventKind.DEVICE_GONE),
            0);

    private final int counted;
    private final int shown;
    private final Set<EventKind> kinds;

    Lane(int counted, int besides) {
        this.counted = counted;
        this.shown = counted | besides;
        EnumSet<EventKind> set = EnumSet.noneOf(EventKind.class);
        for (int category = 0; category < Category.COUNT; category++) {
            if ((shown & 1 << category) != 0) {
                set.add(Category.kind(category));
            }
        }
        kinds = Collections.unmodifiableSet(set);
    }

    /** The kinds of event that may be in this lane; SIGNAL_GENERATED is in two, by its band. */
    public Set<EventKind> kinds() {
        return kinds;
    }

    /** The categories whose events make its density, as a bit mask. */
    int counted() {
        return counted;
    }

    /** The categories of all its events, as a bit mask. */
    int shown() {
        return shown;
    }
}
