/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.project;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.DriverField;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.driver.KernelVersion;
import org.kmodscope.core.driver.Licence;

/**
 * A driver that is still being described: what was typed so far, right or wrong. The device follows
 * the module's name until somebody names it. Confined to one thread.
 */
public final class DriverDraft {

    private final Map<DriverField, String> texts = new EnumMap<>(DriverField.class);
    private boolean deviceFollows = true;
    private FeatureSet features = FeatureSet.defaults();

    /**
     * @param author who is asking, such as {@code Name <address>}
     */
    public DriverDraft(String author) {
        texts.put(DriverField.MODULE, "globalfifo");
        texts.put(DriverField.DEVICE, "globalfifo");
        texts.put(DriverField.AUTHOR, author);
        texts.put(DriverField.DESCRIPTION, "FIFO with asynchronous notification");
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

    /** The chosen features. */
    public FeatureSet features() {
        return features;
    }

    /** Chooses or leaves a feature, with what that brings or takes along. */
    public void choose(Feature feature, boolean chosen) {
        features = chosen ? features.with(feature) : features.without(feature);
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
     * The specification.
     *
     * @throws KmodscopeException USAGE while there is a {@link #problem}
     */
    public DriverSpec spec() throws KmodscopeException {
        return DriverSpec.named(text(DriverField.MODULE))
                .device(text(DriverField.DEVICE))
                .author(text(DriverField.AUTHOR))
                .description(text(DriverField.DESCRIPTION))
                .licence(text(DriverField.LICENCE))
                .kernelMin(text(DriverField.KERNEL_MIN))
                .features(features)
                .build();
    }
}
