/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.time.Duration;
import java.util.HashSet;
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

    /**
     * The names of the sources that the streams of a source with this name are: one for each of
     * several models; none where there is but one.
     */
    default List<String> sources(String name) {
        return List.of();
    }

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

    /**
     * Several models that read one device in turns, over and over: each byte goes to one reader, so
     * that two at a time would share what one of them is to be measured by. All ask for the same.
     *
     * @param words which ones, in this order; two or more, none twice, each of them {@linkplain
     *     #whyNoTurns able to}
     * @param depth for the queued ones
     * @param bytes the size of one read or request
     * @param each how long a turn is, 100 ms to a minute
     */
    record Turns(List<String> words, int depth, int bytes, Duration each) implements IoModel {

        /** The shortest turn: what begins and ends one takes a few of these milliseconds. */
        public static final Duration SHORTEST = Duration.ofMillis(100);

        /** The longest turn. */
        public static final Duration LONGEST = Duration.ofMinutes(1);

        public Turns {
            words = List.copyOf(words);
            if (!canTakeTurns(words)
                    || each.compareTo(SHORTEST) < 0
                    || each.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(words + " in turns of " + each);
            }
        }

        @Override
        public String word() {
            return String.join(",", words);
        }

        /** The models, in the order of their turns. */
        public List<IoModel> models() {
            return words.stream().flatMap(word -> reading(word, depth, bytes).stream()).toList();
        }

        @Override
        public List<String> sources(String name) {
            return words.stream().map(word -> source(name, word)).toList();
        }
    }

    /** Why the model of this word cannot take turns with others; empty when it can. */
    static Optional<String> whyNoTurns(String word) {
        return word.equals("posix-aio")
                ? Optional.of(
                        "The read that glibc's thread waits in cannot be cancelled: it would take"
                                + " what the next model is to read.")
                : Optional.empty();
    }

    private static boolean canTakeTurns(List<String> words) {
        return words.size() > 1
                && WORDS.containsAll(words)
                && new HashSet<>(words).size() == words.size()
                && words.stream().allMatch(word -> whyNoTurns(word).isEmpty());
    }

    /** Stands between the name of a source and the word of the model that has its turn. */
    String AT = ":";

    /** The name of what one of several models tells, whose source has this name. */
    static String source(String name, String word) {
        return name + AT + word;
    }

    /** The word of the model that tells what has this name; empty when it took no turns. */
    static Optional<String> wordOf(String source) {
        int at = source.lastIndexOf(AT);
        return Optional.of(source.substring(at + 1)).filter(word -> at > 0).filter(WORDS::contains);
    }

    /**
     * Whether the model of this word is told that its request is <em>done</em>; the others are told
     * that the device is <em>ready</em>, or wait in it.
     */
    static boolean saysDone(String word) {
        return reading(word, 1, 1).filter(Queued.class::isInstance).isPresent();
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

    /**
     * What a list of words stands for, reading: one model, or {@link Turns}; empty when a word is
     * none, comes twice, or cannot take turns.
     *
     * @param words separated by commas
     * @param turn how long a turn is, where there are several
     */
    static Optional<IoModel> reading(String words, int depth, int bytes, Duration turn) {
        List<String> all = List.of(words.split(",", -1));
        if (all.size() == 1) {
            return reading(words, depth, bytes);
        }
        return canTakeTurns(all)
                ? Optional.of(new Turns(all, depth, bytes, turn))
                : Optional.empty();
    }
}
