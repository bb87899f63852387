/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing a generated driver can do beyond blocking and non-blocking reads and writes.
 *
 * <p>Which of them a template offers is the template's own business: see {@link
 * TemplateRenderer#features(String)}. What goes with what is in {@link FeatureSet}.
 */
public enum Feature {
    /** Asynchronous notification: the driver says <em>ready</em>. */
    FASYNC(
            "fasync",
            Group.NOTIFICATION,
            "fasync (SIGIO)",
            "SIGIO when there is something to read; release() leaves the list"),
    /** The other direction of the same. */
    POLLOUT(
            "pollout",
            Group.NOTIFICATION,
            "POLL_OUT",
            "Signals writers, too, once a read has made room"),
    /** Who signals, first form: a work item. */
    SIGNAL_WORK(
            "signal=work",
            Group.NOTIFICATION,
            "Signal from a work item",
            "Events that come before it has run share one signal"),
    /** Who signals, second form: the interrupt itself. */
    SIGNAL_IRQ(
            "signal=irq",
            Group.NOTIFICATION,
            "Signal from the interrupt",
            "At once, one per event; the interrupt pays for all listeners"),
    /** poll, select, epoll. */
    POLL(
            "poll",
            Group.NOTIFICATION,
            "poll",
            "Event loops and io_uring can wait; one keyed wait queue"),
    /** Asynchronous I/O that delays a synchronous result. */
    AIO_DEFERRED(
            "aio=deferred",
            Group.ASYNC_IO,
            "Deferred",
            "Finished at once, reported later; does not wait for data"),
    /** Asynchronous I/O: the driver says <em>done</em>. */
    AIO_QUEUED(
            "aio=queued",
            Group.ASYNC_IO,
            "Queued",
            "True AIO: pending list, own worker, completes when ready"),
    /** A work queue of the driver's own. */
    WORKQUEUE_DEDICATED(
            "workqueue",
            Group.KERNEL,
            "Work queue",
            "One of the driver's own, gone with the module"),
    /** The kernel's work queue, which everybody uses. */
    WORKQUEUE_SYSTEM(
            "workqueue=system",
            Group.KERNEL,
            "System work queue",
            "The kernel's, which all share; the driver flushes its own items"),
    /** A work queue of the driver's own that runs one item at a time. */
    WORKQUEUE_ORDERED(
            "workqueue=ordered",
            Group.KERNEL,
            "Ordered work queue",
            "One of its own that runs one item at a time, in order"),
    /** Commands with a header for programs. */
    IOCTL(
            "ioctl",
            Group.KERNEL,
            "ioctl",
            "Commands that clear it and tell its state, 32-bit callers too"),
    /** Waiting for what was submitted before. */
    FSYNC(
            "fsync",
            Group.KERNEL,
            "fsync",
            "Waits for the writes queued before it; needs queued AIO"),
    /** Values that are chosen when the module is loaded. */
    PARAMS(
            "params",
            Group.KERNEL,
            "Parameters",
            "The sizes are module parameters, checked when it is loaded"),
    /** Several devices, each with a state of its own. */
    MINORS(
            "minors",
            Group.KERNEL,
            "Several minors",
            "As many devices as the parameter minors says, each on its own"),
    /** A character device region and a class instead of the misc device. */
    CDEV(
            "cdev",
            Group.KERNEL,
            "cdev and class",
            "A major number and a class of its own instead of a misc device"),
    /** Static trace points. */
    TRACE(
            "trace",
            Group.KERNEL,
            "Trace events",
            "Trace points for what it queues, completes, signals and wakes");

    /** The families of the wizard's page: two mechanisms that are never mixed, and the rest. */
    public enum Group {
        NOTIFICATION("Notification"),
        ASYNC_IO("Async I/O"),
        KERNEL("Kernel");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /** The words a user sees. */
        public String title() {
            return title;
        }
    }

    private final String word;
    private final Group group;
    private final String title;
    private final String summary;

    Feature(String word, Group group, String title, String summary) {
        this.word = word;
        this.group = group;
        this.title = title;
        this.summary = summary;
    }

    /** The word of the command line and of {@code kmodscope.json}. */
    public String word() {
        return word;
    }

    /** Where it belongs. */
    public Group group() {
        return group;
    }

    /** Its name for a user. */
    public String title() {
        return title;
    }

    /** What it brings, in one line. */
    public String summary() {
        return summary;
    }

    /**
     * The word before the equals sign: features of one family exclude each other. A feature without
     * one is a family of its own.
     */
    public String family() {
        var equals = word.indexOf('=');
        return equals < 0 ? word : word.substring(0, equals);
    }

    /** The switch that templates ask for: {@code aio=queued} turns on {@code KMOD_AIO_QUEUED}. */
    String macro() {
        return "KMOD_" + name();
    }

    /** The switch that any feature of the family turns on: {@code KMOD_AIO}. */
    String familyMacro() {
        return "KMOD_" + family().toUpperCase(Locale.ROOT);
    }

    /** Finds a feature by its {@link #word()}. */
    public static Optional<Feature> parse(String word) {
        return Arrays.stream(values()).filter(f -> f.word.equals(word)).findFirst();
    }
}
