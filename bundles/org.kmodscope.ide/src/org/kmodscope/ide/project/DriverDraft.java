/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.project;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.CiSystem;
import org.kmodscope.core.driver.DriverField;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.driver.KernelVersion;
import org.kmodscope.core.driver.Licence;
import org.kmodscope.core.driver.TemplateOffer;

/**
 * A driver that is still being described: what was typed and chosen so far, right or wrong. The
 * device follows the module's name until somebody names it, and the description follows the
 * template. A choice of features outlives a change of template: what the next one does not offer is
 * left out there, and comes back with a template that does. Confined to one thread.
 */
public final class DriverDraft {

    private final Map<DriverField, String> texts = new EnumMap<>(DriverField.class);
    private final Map<Feature, Boolean> wishes = new LinkedHashMap<>();
    private boolean deviceFollows = true;
    private TemplateOffer template;
    private FeatureSet features;
    private Optional<List<String>> probes = Optional.empty();
    private Optional<CiSystem> workflow = Optional.empty();

    /**
     * @param author who is asking, such as {@code Name <address>}
     * @param template what it begins with
     */
    public DriverDraft(String author, TemplateOffer template) {
        this.template = template;
        features = template.defaults();
        texts.put(DriverField.MODULE, template.name());
        texts.put(DriverField.DEVICE, template.name());
        texts.put(DriverField.AUTHOR, author);
        texts.put(DriverField.DESCRIPTION, template.description());
        texts.put(DriverField.LICENCE, Licence.GPL_2_0.spdx());
        texts.put(DriverField.KERNEL_MIN, KernelVersion.OLDEST.toString());
    }

    /** What a field says. */
    public String text(DriverField field) {
        return Optional.ofNullable(texts.get(field)).orElse("");
    }

    /** Says something in a field. */
    public void setText(DriverField field, String text) {
        texts.put(field, text);
        if (field == DriverField.DEVICE) {
            deviceFollows = text.equals(text(DriverField.MODULE));
        } else if (field == DriverField.MODULE && deviceFollows) {
            texts.put(DriverField.DEVICE, text);
        }
    }

    /** The template. */
    public TemplateOffer template() {
        return template;
    }

    /**
     * Takes another template. Names, author, licence and whatever was chosen and still applies
     * stay; probes are those that fit again.
     */
    public void setTemplate(TemplateOffer other) {
        if (text(DriverField.DESCRIPTION).equals(template.description())) {
            texts.put(DriverField.DESCRIPTION, other.description());
        }
        template = other;
        features = other.defaults();
        wishes.forEach((feature, chosen) -> features = next(feature, chosen));
        probes = Optional.empty();
    }

    /** The chosen features. */
    public FeatureSet features() {
        return features;
    }

    /** Chooses or leaves a feature, and says what that brought and took along. */
    public Change choose(Feature feature, boolean chosen) {
        FeatureSet before = features;
        features = next(feature, chosen);
        // A later wish overrules an earlier one, so the order is kept.
        for (Feature one : Feature.values()) {
            if (one.family().equals(feature.family())) {
                wishes.remove(one);
                if (!chosen) {
                    wishes.put(one, false);
                }
            }
        }
        if (chosen) {
            wishes.put(feature, true);
        }
        return new Change(
                difference(features, before, feature), difference(before, features, feature));
    }

    private FeatureSet next(Feature feature, boolean chosen) {
        return chosen ? template.with(features, feature) : template.without(features, feature);
    }

    /**
     * What else a choice changed.
     *
     * @param brought features that it needs
     * @param took features that do not go with it
     */
    public record Change(Set<Feature> brought, Set<Feature> took) {}

    /** What the one has and the other has not, except one and what excludes that anyway. */
    private static Set<Feature> difference(FeatureSet one, FeatureSet other, Feature except) {
        var result = EnumSet.noneOf(Feature.class);
        one.asSet().stream()
                .filter(feature -> !other.has(feature))
                .filter(feature -> !feature.family().equals(except.family()))
                .forEach(result::add);
        return result;
    }

    /** The names of the probes that come with it. */
    public List<String> probes() {
        return probes.orElseGet(() -> template.probes(features));
    }

    /** Takes these probes, empty for those that fit, whatever the features. */
    public void setProbes(Optional<List<String>> names) {
        probes = names.map(List::copyOf);
    }

    /** The CI system whose file comes with it. */
    public Optional<CiSystem> workflow() {
        return workflow;
    }

    /** Takes the file of a CI system along, or none. */
    public void setWorkflow(Optional<CiSystem> system) {
        workflow = system;
    }

    /** The first field with a problem and the problem; empty when all is well. */
    public Optional<Problem> problem() {
        for (DriverField field : DriverField.values()) {
            Optional<String> problem = field.problem(text(field));
            if (problem.isPresent()) {
                return problem.map(text -> new Problem(field, text));
            }
        }
        return Optional.empty();
    }

    /**
     * What is wrong, and where.
     *
     * @param text one sentence
     */
    public record Problem(DriverField field, String text) {}

    /**
     * What a project is made from.
     *
     * @throws KmodscopeException USAGE while there is a {@link #problem}
     */
    public DriverPlan plan() throws KmodscopeException {
        return new DriverPlan(spec(), workflow);
    }

    /**
     * The specification.
     *
     * @throws KmodscopeException USAGE while there is a {@link #problem}
     */
    public DriverSpec spec() throws KmodscopeException {
        return DriverSpec.named(text(DriverField.MODULE))
                .template(template.name())
                .device(text(DriverField.DEVICE))
                .author(text(DriverField.AUTHOR))
                .description(text(DriverField.DESCRIPTION))
                .licence(text(DriverField.LICENCE))
                .kernelMin(text(DriverField.KERNEL_MIN))
                .features(features)
                .probes(probes)
                .build();
    }
}
