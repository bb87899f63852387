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
 * <p>The rules: of one {@linkplain Feature#family() family} there is one at most; POLL_OUT is one
 * half of asynchronous notification and needs it, and so does the choice of who signals;
 * asynchronous I/O needs a work queue; fsync needs queued asynchronous I/O, because nothing else is
 * ever left to wait for. {@link #with} and {@link #without} keep them by adding or taking away what
 * the change makes necessary, so that a wizard's boxes can follow.
 */
public final class FeatureSet {

    private static final Set<Feature> DEFAULT_OFFER =
            Set.copyOf(EnumSet.complementOf(EnumSet.of(Feature.SIGNAL_WORK, Feature.SIGNAL_IRQ)));

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
                        Feature.WORKQUEUE_DEDICATED,
                        Feature.IOCTL,
                        Feature.PARAMS));
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
     * {@code pollout=none} is said; {@code aio=none} is allowed and changes nothing; {@code
     * workqueue=dedicated} is another word for {@code workqueue}; {@code none} alone is the empty
     * set.
     *
     * @throws KmodscopeException USAGE, naming the word that is wrong
     */
    public static FeatureSet parse(String list) throws KmodscopeException {
        return parse(list, DEFAULT_OFFER);
    }

    /**
     * Reads a list for a template that may not offer all of them: {@code fasync} brings POLL_OUT,
     * and the work item that signals, only where they are offered and nothing else is said.
     *
     * @param offered what the template has
     * @throws KmodscopeException USAGE, naming the word that is wrong
     */
    static FeatureSet parse(String list, Set<Feature> offered) throws KmodscopeException {
        var words = new LinkedHashSet<>(Arrays.asList(list.strip().split("\\s*,\\s*", -1)));
        if (words.equals(Set.of("none"))) {
            return none();
        }
        var noAio = words.remove("aio=none");
        var noPollOut = words.remove("pollout=none");
        var named = EnumSet.noneOf(Feature.class);
        for (var word : words) {
            named.add(
                    Feature.parse(word.equals("workqueue=dedicated") ? "workqueue" : word)
                            .orElseThrow(() -> usage("There is no feature \"" + word + "\".")));
        }
        var result = of(named);
        if (!result.features.containsAll(named)
                || noAio && result.hasAio()
                || noPollOut && named.contains(Feature.POLLOUT)) {
            throw usage("These features do not go together: " + list + ".");
        }
        if (!result.has(Feature.FASYNC)) {
            return result;
        }
        if (!noPollOut && offered.contains(Feature.POLLOUT)) {
            result = result.with(Feature.POLLOUT);
        }
        return offered.contains(Feature.SIGNAL_WORK) && !result.has(Feature.SIGNAL_IRQ)
                ? result.with(Feature.SIGNAL_WORK)
                : result;
    }

    /** Whether it is chosen. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** This choice and a feature, with what it needs and without what it excludes. */
    public FeatureSet with(Feature feature) {
        var result = copy();
        result.removeIf(other -> other.family().equals(feature.family()));
        result.add(feature);
        return switch (feature) {
            case POLLOUT, SIGNAL_WORK, SIGNAL_IRQ -> new FeatureSet(result).with(Feature.FASYNC);
            case FSYNC -> new FeatureSet(result).with(Feature.AIO_QUEUED);
            case AIO_QUEUED -> new FeatureSet(result).withWorkQueue();
            case AIO_DEFERRED -> {
                result.remove(Feature.FSYNC);
                yield new FeatureSet(result).withWorkQueue();
            }
            case FASYNC,
                    POLL,
                    WORKQUEUE_DEDICATED,
                    WORKQUEUE_SYSTEM,
                    WORKQUEUE_ORDERED,
                    IOCTL,
                    PARAMS,
                    MINORS,
                    CDEV,
                    TRACE ->
                    new FeatureSet(result);
        };
    }

    /**
     * This choice without a feature, without what needs it, and without what it had brought. Where
     * asynchronous I/O needs a work queue, leaving a special one means the usual one.
     */
    public FeatureSet without(Feature feature) {
        if (!has(feature)) {
            return this;
        }
        var result = copy();
        result.remove(feature);
        return switch (feature) {
            case FASYNC -> {
                result.remove(Feature.POLLOUT);
                result.removeAll(EnumSet.of(Feature.SIGNAL_WORK, Feature.SIGNAL_IRQ));
                yield new FeatureSet(result);
            }
            case AIO_DEFERRED, AIO_QUEUED -> {
                result.remove(Feature.FSYNC);
                result.removeIf(FeatureSet::isWorkQueue);
                yield new FeatureSet(result);
            }
            case WORKQUEUE_SYSTEM, WORKQUEUE_ORDERED ->
                    hasAio() ? new FeatureSet(result).withWorkQueue() : new FeatureSet(result);
            case WORKQUEUE_DEDICATED -> {
                result.removeIf(FeatureSet::isAio);
                result.remove(Feature.FSYNC);
                yield new FeatureSet(result);
            }
            case POLLOUT,
                    SIGNAL_WORK,
                    SIGNAL_IRQ,
                    POLL,
                    IOCTL,
                    FSYNC,
                    PARAMS,
                    MINORS,
                    CDEV,
                    TRACE ->
                    new FeatureSet(result);
        };
    }

    private FeatureSet withWorkQueue() {
        return features.stream().anyMatch(FeatureSet::isWorkQueue)
                ? this
                : with(Feature.WORKQUEUE_DEDICATED);
    }

    /** Whether either form of asynchronous I/O is chosen. */
    public boolean hasAio() {
        return features.stream().anyMatch(FeatureSet::isAio);
    }

    private static boolean isAio(Feature feature) {
        return feature.group() == Feature.Group.ASYNC_IO;
    }

    private static boolean isWorkQueue(Feature feature) {
        return feature.family().equals(Feature.WORKQUEUE_DEDICATED.family());
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
                "Features are "
                        + Arrays.stream(Feature.values())
                                .map(Feature::word)
                                .collect(Collectors.joining(", "))
                        + ", separated by commas, or none.");
    }
}
