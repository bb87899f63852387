/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.FeatureSet;

/**
 * Few choices of features that together hold each pair of features, and each pair of a feature and
 * the absence of another, that any choice holds; besides these the empty choice, each feature alone
 * with what it needs, and the fullest ones. Deterministic: the same features give the same choices
 * on every machine.
 */
final class CoveringSet {

    private final List<FeatureSet> valid;

    /**
     * @param offered what a template offers
     * @param accepted whether the template takes a choice
     */
    CoveringSet(Collection<Feature> offered, Predicate<FeatureSet> accepted) {
        this.valid = product(offered).stream().filter(accepted).toList();
    }

    /** Every choice there is. */
    List<FeatureSet> full() {
        return valid;
    }

    /** The few that cover all pairs. */
    List<FeatureSet> pairs() {
        Set<FeatureSet> chosen = new LinkedHashSet<>();
        valid.stream().filter(set -> set.asSet().isEmpty()).forEach(chosen::add);
        chosen.addAll(singles());
        int most = valid.stream().mapToInt(set -> set.asSet().size()).max().orElse(0);
        valid.stream().filter(set -> set.asSet().size() == most).forEach(chosen::add);
        Set<Pair> missing = new HashSet<>();
        valid.forEach(set -> missing.addAll(pairs(set)));
        chosen.forEach(set -> missing.removeAll(pairs(set)));
        while (!missing.isEmpty()) {
            FeatureSet best =
                    valid.stream()
                            .max(Comparator.comparingLong(set -> gain(set, missing)))
                            .orElseThrow();
            chosen.add(best);
            missing.removeAll(pairs(best));
        }
        return List.copyOf(chosen);
    }

    /** For each feature the smallest choice that has it. */
    private List<FeatureSet> singles() {
        Map<Feature, FeatureSet> smallest = new LinkedHashMap<>();
        for (FeatureSet set : valid) {
            for (Feature feature : set.asSet()) {
                FeatureSet known = smallest.getOrDefault(feature, set);
                smallest.put(feature, set.asSet().size() < known.asSet().size() ? set : known);
            }
        }
        return List.copyOf(smallest.values());
    }

    private static long gain(FeatureSet set, Set<Pair> missing) {
        return pairs(set).stream().filter(missing::contains).count();
    }

    /** Two statements about a choice, such as "has poll" and "lacks ioctl". */
    private record Pair(String one, String other) {}

    private static List<Pair> pairs(FeatureSet set) {
        List<String> facts = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            facts.add((set.has(feature) ? "" : "no ") + feature.word());
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < facts.size(); i++) {
            for (int j = i + 1; j < facts.size(); j++) {
                pairs.add(new Pair(facts.get(i), facts.get(j)));
            }
        }
        return pairs;
    }

    /** All choices that go together as they are: at most one of each family, nothing missing. */
    private static List<FeatureSet> product(Collection<Feature> offered) {
        Map<String, List<Feature>> families = new LinkedHashMap<>();
        for (Feature feature : new TreeSet<>(offered)) {
            families.computeIfAbsent(feature.family(), name -> new ArrayList<>()).add(feature);
        }
        List<List<Feature>> all = List.of(List.of());
        for (List<Feature> family : families.values()) {
            List<List<Feature>> longer = new ArrayList<>(all);
            for (Feature feature : family) {
                for (List<Feature> one : all) {
                    List<Feature> with = new ArrayList<>(one);
                    with.add(feature);
                    longer.add(with);
                }
            }
            all = longer;
        }
        return all.stream()
                .filter(list -> FeatureSet.of(list).asSet().equals(Set.copyOf(list)))
                .map(FeatureSet::of)
                .toList();
    }
}
