/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.List;
import java.util.Optional;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.FeatureSet;

/**
 * A model of I/O that users may choose, or why they cannot.
 *
 * @param word its word, as in {@link org.kmodscope.core.target.IoModel}
 * @param family what it has in common with its like
 * @param hint what it does, in a few words
 * @param reason why it cannot be chosen; empty when it can
 */
public record IoOffer(String word, Family family, String hint, Optional<String> reason) {

    /** The families, which must never be confused: ready is not done. */
    public enum Family {
        NOTIFICATION("Asynchronous notification: the driver says ready"),
        WAITING("Waiting: the program asks until the device is ready"),
        COMPLETION("Asynchronous I/O: a request is submitted, and later done");

        private final String title;

        Family(String title) {
            this.title = title;
        }

        /** What users read. */
        public String title() {
            return title;
        }
    }

    private static final List<IoOffer> ALL =
            List.of(
                    of("sigio", Family.NOTIFICATION, "O_ASYNC, a signal, then read()"),
                    of("block", Family.WAITING, "read() sleeps in the driver"),
                    of("poll", Family.WAITING, "poll() sleeps, then read()"),
                    of("epoll", Family.WAITING, "epoll_wait() sleeps, then read()"),
                    of("aio", Family.COMPLETION, "io_submit(): the driver queues it"),
                    of("uring", Family.COMPLETION, "the kernel tries, polls, tries again"),
                    of("posix-aio", Family.COMPLETION, "a thread of glibc's sleeps in read()"));

    private static IoOffer of(String word, Family family, String hint) {
        return new IoOffer(word, family, hint, Optional.empty());
    }

    /** What users call a model. */
    public static String title(String word) {
        return switch (word) {
            case "sigio" -> "SIGIO";
            case "block" -> "Blocking read";
            case "aio" -> "Kernel AIO";
            case "uring" -> "io_uring";
            case "posix-aio" -> "POSIX AIO";
            default -> word;
        };
    }

    /** The family of a model. */
    public static Family family(String word) {
        return ALL.stream()
                .filter(offer -> offer.word.equals(word))
                .findFirst()
                .map(IoOffer::family)
                .orElse(Family.WAITING);
    }

    /**
     * All models, family by family.
     *
     * @param source who is to watch
     * @param features what the driver was generated with; empty when that is not known
     */
    public static List<IoOffer> all(ScopeSource source, Optional<FeatureSet> features) {
        return ALL.stream()
                .map(
                        offer ->
                                new IoOffer(
                                        offer.word,
                                        offer.family,
                                        offer.hint,
                                        reason(offer.word, source, features)))
                .toList();
    }

    private static Optional<String> reason(
            String word, ScopeSource source, Optional<FeatureSet> features) {
        if (source == ScopeSource.AGENT && !word.equals("sigio")) {
            return Optional.of("the agent knows SIGIO only: choose the JNA bridge");
        }
        return features.flatMap(known -> lack(word, known));
    }

    private static Optional<String> lack(String word, FeatureSet features) {
        return switch (word) {
            case "sigio" ->
                    features.has(Feature.FASYNC)
                            ? Optional.empty()
                            : Optional.of("the driver has no fasync: nothing sends a signal");
            case "poll", "epoll" ->
                    features.has(Feature.POLL)
                            ? Optional.empty()
                            : Optional.of("the driver has no poll: it looks ready always");
            case "aio" ->
                    features.has(Feature.AIO_QUEUED)
                            ? Optional.empty()
                            : Optional.of("the driver queues nothing: io_submit() would wait");
            default -> Optional.empty();
        };
    }
}
