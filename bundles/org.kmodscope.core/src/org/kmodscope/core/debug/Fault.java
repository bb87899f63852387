/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fault that was made in a call into the driver, and how the call took it.
 *
 * @param call the call: insmod, open, read, write (both by io_submit) or ioctl
 * @param kind what failed
 * @param number which of the driver's things of this kind in the call, from 1
 * @param outcome how it ended
 * @param value an error number or signal, as the outcome has it; else 0
 */
public record Fault(String call, Kind kind, int number, Outcome outcome, int value) {

    private static final Pattern LINE =
            Pattern.compile(
                    "fault (\\w{1,16}) (slab|pages|copy) (\\d{1,6}) (ok|errno|hang|killed|left)"
                            + "(?: (\\d{1,6}))?");

    /** A kind of thing that can fail. */
    public enum Kind {
        /** Memory of a slab cache: kmalloc() of less than two pages, kmem_cache_alloc(). */
        SLAB("allocation"),
        /** Whole pages. */
        PAGES("allocation of pages"),
        /** A copy from or to user space. */
        COPY("copy from or to user space");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** How a call took a fault. */
    public enum Outcome {
        /** It succeeded nevertheless. */
        OK,
        /** It failed with an error: what it should do. */
        ERRNO,
        /** It did not return. */
        HANG,
        /** The calling thread was killed. */
        KILLED,
        /** It failed, and afterwards the module did not load any more. */
        LEFT
    }

    /** Reads a line of kmodscope-faults (agent/faults.c); empty for other lines. */
    static Optional<Fault> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Outcome outcome = Outcome.valueOf(matcher.group(4).toUpperCase(Locale.ROOT));
        String value = matcher.group(5);
        return Optional.of(
                new Fault(
                        matcher.group(1),
                        Kind.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
                        Integer.parseInt(matcher.group(3)),
                        outcome,
                        value == null ? 0 : Integer.parseInt(value)));
    }

    /** Whether the call ended as a call should: done, or not done and an error returned. */
    public boolean clean() {
        return outcome == Outcome.OK || outcome == Outcome.ERRNO;
    }

    /** For people. */
    @Override
    public String toString() {
        String which = call + " with its " + kind.words + " " + number + " failing ";
        return switch (outcome) {
            case OK -> which + "succeeded";
            case ERRNO -> which + "failed with error " + value;
            case HANG -> which + "did not return";
            case KILLED -> which + "was killed by signal " + value;
            case LEFT ->
                    which + "left something behind: the next insmod failed with error " + value;
        };
    }
}
