/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * A choice of features that goes together. Immutable; in the order of {@link Feature}.
 *
 * <p>The rules: POLL_OUT is one half of asynchronous notification and needs it; asynchronous I/O
 * needs a work queue; deferred and queued exclude each other. {@link #with} and {@link #without}
 * keep them by adding or taking away what the change makes necessary, so that a wizard's boxes can
 * follow.
 */
public final class FeatureSet {

    private final Set<Feature> features;

    private FeatureSet(EnumSet<Feature> features) {
        this.features = Collections.unmodifiableSet(features);
    }

    /** What a driver has when nothing is said. */
    public static FeatureSet defaults() {
        return new FeatureSet(
                EnumSet.of(
                        Feature.FASYNC,
                        Feature.POLLOUT,
                        Feature.POLL,
                        Feature.AIO_QUEUED,
                        Feature.WORKQUEUE,
                        Feature.IOCTL));
    }

    /** Nothing but reads and writes. */
    public static FeatureSet none() {
        return new FeatureSet(EnumSet.noneOf(Feature.class));
    }

    /** All of these, with what they need; of two that exclude each other the later one. */
    public static FeatureSet of(Collection<Feature> features) {
        var result = none();
        for (var feature : features) {
            result = result.with(feature);
        }
        return result;
    }

    /**
     * Reads a list such as {@code fasync,poll,aio=queued}. {@code fasync} brings POLL_OUT unless
     * {@code pollout=none} is said; {@code aio=none} is allowed and changes nothing; {@code none}
     * alone is the empty set.
     *
     * @throws KmodscopeException USAGE, naming the word that is wrong
     */
    public static FeatureSet parse(String list) throws KmodscopeException {
        var words = new LinkedHashSet<>(Arrays.asList(list.strip().split("\\s*,\\s*", -1)));
        if (words.equals(Set.of("none"))) {
            return none();
        }
        if (words.contains(Feature.AIO_DEFERRED.word())
                && (words.contains(Feature.AIO_QUEUED.word()) || words.contains("aio=none"))) {
            throw usage("The features name two kinds of asynchronous I/O: " + list + ".");
        }
        if (words.contains(Feature.AIO_QUEUED.word()) && words.contains("aio=none")) {
            throw usage("The features ask for aio=queued and for aio=none: " + list + ".");
        }
        var pollOut = !words.remove("pollout=none");
        if (!pollOut && words.contains(Feature.POLLOUT.word())) {
            throw usage("The features ask for pollout and for pollout=none: " + list + ".");
        }
        words.remove("aio=none");
        var result = none();
        for (var word : words) {
            var feature =
                    Feature.parse(word)
                            .orElseThrow(() -> usage("There is no feature \"" + word + "\"."));
            result = result.with(feature);
        }
        return pollOut && result.has(Feature.FASYNC) ? result.with(Feature.POLLOUT) : result;
    }

    /** Whether it is chosen. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** This choice and a feature, with what it needs and without what it excludes. */
    public FeatureSet with(Feature feature) {
        var result = copy();
        result.add(feature);
        switch (feature) {
            case POLLOUT -> result.add(Feature.FASYNC);
            case AIO_QUEUED -> {
                result.remove(Feature.AIO_DEFERRED);
                result.add(Feature.WORKQUEUE);
            }
            case AIO_DEFERRED -> {
                result.remove(Feature.AIO_QUEUED);
                result.add(Feature.WORKQUEUE);
            }
            case FASYNC, POLL, WORKQUEUE, IOCTL -> {}
        }
        return new FeatureSet(result);
    }

    /** This choice without a feature, without what needs it, and without what it had brought. */
    public FeatureSet without(Feature feature) {
        var result = copy();
        result.remove(feature);
        switch (feature) {
            case FASYNC -> result.remove(Feature.POLLOUT);
            case WORKQUEUE -> {
                result.remove(Feature.AIO_DEFERRED);
                result.remove(Feature.AIO_QUEUED);
            }
            case AIO_DEFERRED, AIO_QUEUED -> {
                if (has(feature)) {
                    result.remove(Feature.WORKQUEUE);
                }
            }
            case POLLOUT, POLL, IOCTL -> {}
        }
        return new FeatureSet(result);
    }

    /** The chosen ones, unmodifiable, in the order of {@link Feature}. */
    public Set<Feature> asSet() {
        return features;
    }

    private EnumSet<Feature> copy() {
        var result = EnumSet.noneOf(Feature.class);
        result.addAll(features);
        return result;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FeatureSet that && features.equals(that.features);
    }

    @Override
    public int hashCode() {
        return features.hashCode();
    }

    /** The list in the form that {@link #parse} reads. */
    @Override
    public String toString() {
        if (features.isEmpty()) {
            return "none";
        }
        var words = features.stream().map(Feature::word).collect(Collectors.joining(","));
        return has(Feature.FASYNC) && !has(Feature.POLLOUT) ? words + ",pollout=none" : words;
    }

    private static KmodscopeException usage(String what) {
        return new KmodscopeException(
                Kind.USAGE,
                what,
                "Features are fasync, pollout, poll, aio=queued, aio=deferred, workqueue, ioctl, "
                        + "separated by commas, or none.");
    }
}
