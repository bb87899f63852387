/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.util.List;
import java.util.Optional;

/**
 * How a program gets at what a device has. Two of these must not be confused: with {@link Signals}
 * the driver says <em>ready</em> and the program does the I/O; with a {@link Queued} model the
 * program hands its requests over, and is told when they are <em>done</em>.
 *
 * <p>Bytes are those of one call or request, 1 to 1 MiB; depth is how many requests are kept
 * outstanding, 1 to 1024. Who carries a request out checks the numbers.
 */
public sealed interface IoModel {

    /** The word for it on command lines and in messages. */
    String word();

    /** Which way bytes go. */
    enum Direction {
        /** From the device. */
        READ,
        /** To the device. */
        WRITE
    }

    /**
     * Asynchronous notification: F_SETOWN, O_ASYNC, SIGIO.
     *
     * @param drain whether to read what is there when the device says readable, as a monitoring
     *     program does; the reads are events, too
     * @param bytes how much to ask for in one read
     */
    record Signals(boolean drain, int bytes) implements IoModel {

        @Override
        public String word() {
            return "sigio";
        }
    }

    /** Asynchronous I/O: so many requests outstanding at all times. */
    sealed interface Queued extends IoModel {

        /** Which way bytes go. */
        Direction direction();

        /** How many requests are kept outstanding. */
        int depth();

        /** The size of one request. */
        int bytes();
    }

    /** The kernel's own asynchronous I/O, known by libaio: io_submit(2). */
    record KernelAio(Direction direction, int depth, int bytes) implements Queued {

        @Override
        public String word() {
            return "aio";
        }
    }

    /** The C library's, aio(7): threads of glibc's that call the driver's read and write. */
    record PosixAio(Direction direction, int depth, int bytes) implements Queued {

        @Override
        public String word() {
            return "posix-aio";
        }
    }

    /** io_uring(7). */
    record IoUring(Direction direction, int depth, int bytes) implements Queued {

        @Override
        public String word() {
            return "uring";
        }
    }

    /** Waits until the driver says readable, then reads without waiting until nothing is left. */
    sealed interface Readiness extends IoModel {

        /** The size of one read. */
        int bytes();
    }

    /** By poll(2), which asks the driver anew for each wait. */
    record Poll(int bytes) implements Readiness {

        @Override
        public String word() {
            return "poll";
        }
    }

    /** By epoll(7), which stays registered on the driver's wait queue. */
    record Epoll(int bytes) implements Readiness {

        @Override
        public String word() {
            return "epoll";
        }
    }

    /** One call after the other, each waits in the driver. */
    record Blocking(Direction direction, int bytes) implements IoModel {

        @Override
        public String word() {
            return "block";
        }
    }

    /** All words, in the order in which they are offered. */
    List<String> WORDS = List.of("sigio", "aio", "posix-aio", "uring", "poll", "epoll", "block");

    /**
     * The model that a word stands for, reading; empty when there is none.
     *
     * @param depth for the queued ones
     */
    static Optional<IoModel> reading(String word, int depth, int bytes) {
        return switch (word) {
            case "sigio" -> Optional.of(new Signals(true, bytes));
            case "aio" -> Optional.of(new KernelAio(Direction.READ, depth, bytes));
            case "posix-aio" -> Optional.of(new PosixAio(Direction.READ, depth, bytes));
            case "uring" -> Optional.of(new IoUring(Direction.READ, depth, bytes));
            case "poll" -> Optional.of(new Poll(bytes));
            case "epoll" -> Optional.of(new Epoll(bytes));
            case "block" -> Optional.of(new Blocking(Direction.READ, bytes));
            default -> Optional.empty();
        };
    }
}
