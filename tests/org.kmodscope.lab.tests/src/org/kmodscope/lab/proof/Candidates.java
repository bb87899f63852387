/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.driver.GeneratedTree;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;

/**
 * What is to be proved: each template with a covering set of features, or with all choices when the
 * property {@code kmodscope.proof} says {@code full}, as a nightly run may. Of the full product
 * {@code kmodscope.proof.share}, such as {@code 3/10}, takes the third of ten parts, so that it can
 * be spread over nights or machines.
 */
final class Candidates {

    private static final boolean FULL = "full".equals(System.getProperty("kmodscope.proof"));
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
            for (FeatureSet features : FULL ? set.full() : covering) {
                all.add(new Candidate(all.size(), template, features, covering.contains(features)));
            }
        }
        return all;
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
