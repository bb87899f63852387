/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * What the window counts by: the kinds by their code, and two kinds split by what they say. A set
 * of categories is the bits of an int.
 */
final class Category {

    /** A signal generated for a writable device. */
    static final int GENERATED_OUT = 19;

    /** A line of the kernel log of level "warning" or worse. */
    static final int WARNING = 20;

    /** How many there are. */
    static final int COUNT = 21;

    /** Both kinds of loss. */
    static final int LOSSES = of(EventKind.OVERFLOW) | of(EventKind.LOST);

    /** What is never merged into a density. */
    static final int MARKS =
            of(EventKind.AIO_CANCEL)
                    | 1 << WARNING
                    | of(EventKind.MARKER)
                    | of(EventKind.DEVICE_GONE);

    /** POLLIN | POLLRDNORM of asm-generic/poll.h. */
    private static final int READABLE = 0x41;

    /** POLLOUT | POLLWRNORM | POLLWRBAND. */
    private static final int WRITABLE = 0x304;

    /** KERN_WARNING of linux/kern_levels.h. */
    private static final int KERN_WARNING = 4;

    private Category() {}

    /** The set of the one category with the code of this kind. */
    static int of(EventKind kind) {
        return 1 << kind.code();
    }

    /** The category of a record. */
    static int of(long head, long result, long tail) {
        EventKind kind = EventCodec.kind(head);
        if (kind == EventKind.SIGNAL_GENERATED) {
            int band = EventCodec.band(tail);
            return (band & WRITABLE) != 0 && (band & READABLE) == 0 ? GENERATED_OUT : kind.code();
        }
        if (kind == EventKind.KERNEL_LOG) {
            return result >= 0 && result <= KERN_WARNING ? WARNING : kind.code();
        }
        return kind.code();
    }

    /** The kind of the events of a category. */
    static EventKind kind(int category) {
        return switch (category) {
            case GENERATED_OUT -> EventKind.SIGNAL_GENERATED;
            case WARNING -> EventKind.KERNEL_LOG;
            default -> EventKind.of(category);
        };
    }
}
