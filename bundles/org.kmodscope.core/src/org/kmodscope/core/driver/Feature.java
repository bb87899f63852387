/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Arrays;
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
            "Signals POLL_IN after a write; release() leaves the list"),
    /** The other direction of the same. */
    POLLOUT(
            "pollout",
            Group.NOTIFICATION,
            "POLL_OUT",
            "Signals writers, too, once a read has made room"),
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
    WORKQUEUE(
            "workqueue",
            Group.KERNEL,
            "Work queue",
            "Needed by AIO: the context that completes requests, flushed on exit"),
    /** A command with a header for programs. */
    IOCTL(
            "ioctl",
            Group.KERNEL,
            "ioctl clear",
            "One command that empties the buffer, 32-bit callers too");

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

    /** The switch that templates ask for. */
    String macro() {
        return "KMOD_" + name();
    }

    /** Finds a feature by its {@link #word()}. */
    public static Optional<Feature> parse(String word) {
        return Arrays.stream(values()).filter(f -> f.word.equals(word)).findFirst();
    }
}
