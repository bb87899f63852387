/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.driver.GeneratedTree;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;

/**
 * What is to be proved of each template, by the property {@code kmodscope.proof}: {@code reduced},
 * the emptiest and the fullest choice of features, also where nothing is said; {@code pairs}, the
 * few that cover all pairs; {@code full}, each choice there is, for the night. Of the full product
 * {@code kmodscope.proof.share}, such as {@code 3/10}, takes the third of ten parts, so that it can
 * be spread over nights or machines.
 */
final class Candidates {

    private static final Extent EXTENT =
            Extent.valueOf(
                    System.getProperty("kmodscope.proof", "reduced").toUpperCase(Locale.ROOT));

    private enum Extent {
        REDUCED,
        PAIRS,
        FULL
    }

    private static final String[] SHARE =
            System.getProperty("kmodscope.proof.share", "1/1").split("/");

    private final TemplateRenderer renderer =
            new TemplateRenderer(TemplateSource.classLoader(Candidates.class.getClassLoader()));

    /**
     * One choice.
     *
     * @param number from 0, among those of all templates
     * @param covering whether it is one of the few that cover all pairs
     */
    record Candidate(int number, String template, FeatureSet features, boolean covering) {

        /** A module's name that no other candidate has, of the length asked for. */
        String name(int length) {
            String text = "p" + number;
            return text + "abcdefghijklmnopqrstuvwxyzabcdefgh".substring(0, length - text.length());
        }

        @Override
        public String toString() {
            return template + " " + features;
        }
    }

    /** All of this share, in an order that never changes; a choice has one number in all shares. */
    List<Candidate> all() throws KmodscopeException {
        int share = Integer.parseInt(SHARE[0]);
        int shares = Integer.parseInt(SHARE[1]);
        return numbered().stream().filter(one -> one.number() % shares == share - 1).toList();
    }

    private List<Candidate> numbered() throws KmodscopeException {
        List<Candidate> all = new ArrayList<>();
        for (String template : renderer.templates()) {
            CoveringSet set =
                    new CoveringSet(
                            renderer.features(template),
                            features -> accepted(template, features).isPresent());
            List<FeatureSet> covering = set.pairs();
            List<FeatureSet> chosen =
                    switch (EXTENT) {
                        case REDUCED -> extremes(covering);
                        case PAIRS -> covering;
                        case FULL -> set.full();
                    };
            for (FeatureSet features : chosen) {
                all.add(new Candidate(all.size(), template, features, covering.contains(features)));
            }
        }
        return all;
    }

    private static List<FeatureSet> extremes(List<FeatureSet> choices) {
        Comparator<FeatureSet> size = Comparator.comparing(features -> features.asSet().size());
        return List.of(Collections.min(choices, size), Collections.max(choices, size));
    }

    /** The project of a choice, with all probes that fit. */
    GeneratedTree render(Candidate candidate, String name) throws KmodscopeException {
        return renderer.render(spec(candidate.template(), candidate.features(), name));
    }

    /** The path of a choice's device in a lab. */
    String node(Candidate candidate, String name) throws KmodscopeException {
        return spec(candidate.template(), candidate.features(), name).node();
    }

    private DriverSpec spec(String template, FeatureSet features, String name)
            throws KmodscopeException {
        return renderer.begin(template, name).features(features).build();
    }

    private Optional<GeneratedTree> accepted(String template, FeatureSet features) {
        try {
            return Optional.of(renderer.render(spec(template, features, "candidate")));
        } catch (KmodscopeException refused) {
            if (refused.kind() == Kind.USAGE) {
                return Optional.empty();
            }
            throw new AssertionError(refused);
        }
    }
}
