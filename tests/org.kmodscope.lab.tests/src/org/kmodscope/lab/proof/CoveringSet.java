/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final List<FeatureSet> possible;
    private final Predicate<FeatureSet> accepted;

    /**
     * @param offered what a template offers
     * @param accepted whether the template takes a choice; asked as seldom as can be
     */
    CoveringSet(Collection<Feature> offered, Predicate<FeatureSet> accepted) {
        this.possible = product(offered);
        this.accepted = accepted;
    }

    /** Every choice there is. */
    List<FeatureSet> full() {
        return possible.stream().filter(accepted).toList();
    }

    /** The few that cover all pairs. */
    List<FeatureSet> pairs() {
        List<FeatureSet> left = new ArrayList<>(possible);
        Set<FeatureSet> chosen = new LinkedHashSet<>();
        Comparator<FeatureSet> bySize = Comparator.comparingInt(set -> set.asSet().size());
        take(left, bySize.reversed()).ifPresent(chosen::add);
        take(left, bySize).ifPresent(chosen::add);
        for (Feature feature : Feature.values()) {
            List<FeatureSet> having =
                    new ArrayList<>(left.stream().filter(set -> set.has(feature)).toList());
            take(having, bySize.reversed()).ifPresent(chosen::add);
        }
        Map<FeatureSet, BitSet> pairs = new HashMap<>();
        BitSet missing = new BitSet();
        for (FeatureSet set : left) {
            pairs.put(set, pairs(set));
            missing.or(pairs(set));
        }
        chosen.forEach(set -> missing.andNot(pairs(set)));
        while (!missing.isEmpty()) {
            Optional<FeatureSet> best =
                    take(
                            left,
                            Comparator.comparingInt(
                                    set -> gain(pairs.getOrDefault(set, new BitSet()), missing)));
            if (best.isEmpty() || !pairs(best.get()).intersects(missing)) {
                break; // only refused choices hold what is missing
            }
            chosen.add(best.get());
            missing.andNot(pairs(best.get()));
        }
        return List.copyOf(chosen);
    }

    /** The greatest that is accepted; those that are not are removed on the way. */
    private Optional<FeatureSet> take(List<FeatureSet> from, Comparator<FeatureSet> order) {
        while (!from.isEmpty()) {
            FeatureSet best = Collections.max(from, order);
            if (accepted.test(best)) {
                return Optional.of(best);
            }
            from.remove(best);
        }
        return Optional.empty();
    }

    private static int gain(BitSet pairs, BitSet missing) {
        BitSet gain = (BitSet) pairs.clone();
        gain.and(missing);
        return gain.cardinality();
    }

    /** A bit for each pair of statements that hold, such as "has poll" and "lacks ioctl". */
    private static BitSet pairs(FeatureSet set) {
        Feature[] all = Feature.values();
        BitSet pairs = new BitSet();
        for (int i = 0; i < all.length; i++) {
            for (int j = i + 1; j < all.length; j++) {
                int holds = (set.has(all[i]) ? 2 : 0) + (set.has(all[j]) ? 1 : 0);
                pairs.set((i * all.length + j) * 4 + holds);
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
