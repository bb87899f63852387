/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one template can do, for those who let a user choose. Its {@link #with} and {@link #without}
 * are those of {@link FeatureSet} within this template: whatever they answer can be rendered when
 * what they were given can. Immutable.
 *
 * @param name the template's name
 * @param description what it is, in one line
 * @param features what it offers
 * @param defaults what it has when nothing is said
 * @param needsOne features that mean nothing here without one of others
 * @param probes its own and the general ones that say something about it, in order
 */
public record TemplateOffer(
        String name,
        String description,
        Set<Feature> features,
        FeatureSet defaults,
        Map<Feature, Set<Feature>> needsOne,
        List<Probe> probes) {

    /**
     * A probe that may come with the driver.
     *
     * @param needs the features of which a driver has to have one; none when any driver will do
     */
    public record Probe(String name, Set<Feature> needs) {

        /** Whether it has something to test in a driver with these features. */
        public boolean fits(FeatureSet features) {
            return needs.isEmpty() || needs.stream().anyMatch(features::has);
        }
    }

    /** Keeps what nobody can change. */
    public TemplateOffer {
        features = Set.copyOf(features);
        needsOne = Map.copyOf(needsOne);
        probes = List.copyOf(probes);
    }

    /** The choice and a feature, with what that needs here and without what it leaves useless. */
    public FeatureSet with(FeatureSet chosen, Feature feature) {
        if (!features.contains(feature)) {
            return chosen;
        }
        return settled(chosen.with(feature));
    }

    /** The choice without a feature, and without what is useless then. */
    public FeatureSet without(FeatureSet chosen, Feature feature) {
        return settled(chosen.without(feature));
    }

    /** Whether the feature can be chosen beside the others: it has what it needs, or brings it. */
    public boolean useful(Feature feature, FeatureSet chosen) {
        return needsOne.getOrDefault(feature, Set.of()).stream().anyMatch(chosen::has)
                || !needsOne.containsKey(feature);
    }

    /** The names of the probes that have something to test in a driver with these features. */
    public List<String> probes(FeatureSet chosen) {
        return probes.stream().filter(probe -> probe.fits(chosen)).map(Probe::name).toList();
    }

    private FeatureSet settled(FeatureSet chosen) {
        FeatureSet result = chosen;
        // Where it can be chosen who signals, somebody has to.
        if (result.has(Feature.FASYNC)
                && features.contains(Feature.SIGNAL_WORK)
                && !result.has(Feature.SIGNAL_IRQ)) {
            result = result.with(Feature.SIGNAL_WORK);
        }
        // Not by without(): that takes along what needs the useless one.
        var kept = EnumSet.noneOf(Feature.class);
        for (Feature feature : result.asSet()) {
            if (features.contains(feature) && useful(feature, result)) {
                kept.add(feature);
            }
        }
        return FeatureSet.of(kept);
    }
}
