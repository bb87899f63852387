/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Everything that decides what a generated driver looks like. Valid by construction: each text
 * passed its {@link DriverField}. Whether a template offers these features and probes is asked of
 * the {@link TemplateRenderer}.
 *
 * @param template the template's name
 * @param module the module's name and C prefix
 * @param device the node's name below /dev, without the number of one of several
 * @param author one line
 * @param description one line
 * @param licence the module's licence
 * @param features what it can do
 * @param kernelMin the oldest kernel it has to build for
 * @param probes names of the probes that come with the project, in order, without repetition; empty
 *     for those that fit the template and the features
 */
public record DriverSpec(
        String template,
        String module,
        String device,
        String author,
        String description,
        Licence licence,
        FeatureSet features,
        KernelVersion kernelMin,
        Optional<List<String>> probes) {

    /** The template when none is named. */
    public static final String DEFAULT_TEMPLATE = "globalfifo";

    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_-]{0,30}");

    /** Refuses what {@link Builder#build()} would have refused with a message. */
    public DriverSpec {
        probes = probes.map(List::copyOf);
        var problem = problem(template, module, device, author, description, kernelMin, probes);
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get().what());
        }
    }

    /**
     * The device node that programs open: {@code /dev/} and the device's name. Of several minors,
     * which are numbered, it is the first.
     */
    public String node() {
        return "/dev/" + device + (features.has(Feature.MINORS) ? "0" : "");
    }

    /** Begins a specification; all but the module's name has a default. */
    public static Builder named(String module) {
        return new Builder(module);
    }

    /** Begins a specification with what this one says. */
    public Builder toBuilder() {
        return new Builder(module)
                .template(template)
                .device(device)
                .author(author)
                .description(description)
                .licence(licence)
                .features(features)
                .kernelMin(kernelMin.toString())
                .probes(probes);
    }

    /** The same with these probes. */
    DriverSpec withProbes(List<String> names) {
        return new DriverSpec(
                template,
                module,
                device,
                author,
                description,
                licence,
                features,
                kernelMin,
                Optional.of(names));
    }

    private record Problem(String what, String rule) {}

    private static Optional<Problem> problem(
            String template,
            String module,
            String device,
            String author,
            String description,
            KernelVersion kernelMin,
            Optional<List<String>> probes) {
        return fieldProblem(DriverField.MODULE, module)
                .or(() -> fieldProblem(DriverField.DEVICE, device))
                .or(() -> fieldProblem(DriverField.AUTHOR, author))
                .or(() -> fieldProblem(DriverField.DESCRIPTION, description))
                .or(() -> fieldProblem(DriverField.KERNEL_MIN, kernelMin.toString()))
                .or(() -> wordProblem("template", template))
                .or(() -> probesProblem(probes.orElse(List.of())));
    }

    private static Optional<Problem> fieldProblem(DriverField field, String text) {
        return field.problem(text).map(what -> new Problem(what, field.rule()));
    }

    private static Optional<Problem> wordProblem(String what, String text) {
        return WORD.matcher(text).matches()
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                "\"" + text + "\" is not the name of a " + what + ".",
                                "Choose one of those that are offered."));
    }

    private static Optional<Problem> probesProblem(List<String> probes) {
        for (var probe : probes) {
            var problem = wordProblem("probe", probe);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return probes.stream().distinct().count() == probes.size()
                ? Optional.empty()
                : Optional.of(new Problem("A probe is named twice.", "Name each probe once."));
    }

    /** Collects what a user said, in the user's words, and checks it all at the end. */
    public static final class Builder {
        private final String module;
        private String template = DEFAULT_TEMPLATE;
        private @Nullable String device;
        private String author = "Unknown author";
        private String description = "FIFO with asynchronous notification";
        private String licence = Licence.GPL_2_0.spdx();
        private FeatureSet features = FeatureSet.defaults();
        private String kernelMin = KernelVersion.OLDEST.toString();
        private Optional<List<String>> probes = Optional.empty();

        private Builder(String module) {
            this.module = module;
        }

        /** The template's name. */
        public Builder template(String name) {
            this.template = name;
            return this;
        }

        /** The node's name below /dev; the module's name when not called. */
        public Builder device(String name) {
            this.device = name;
            return this;
        }

        /** Who wrote it. */
        public Builder author(String line) {
            this.author = line;
            return this;
        }

        /** What it is, in one line. */
        public Builder description(String line) {
            this.description = line;
            return this;
        }

        /** An SPDX expression. */
        public Builder licence(String spdx) {
            this.licence = spdx;
            return this;
        }

        /** One of the licences. */
        public Builder licence(Licence one) {
            this.licence = one.spdx();
            return this;
        }

        /** What the driver can do. */
        public Builder features(FeatureSet set) {
            this.features = set;
            return this;
        }

        /** The oldest kernel it has to build for, such as 5.10. */
        public Builder kernelMin(String version) {
            this.kernelMin = version;
            return this;
        }

        /** The probes that come with it; when not called, those that fit. */
        public Builder probes(List<String> names) {
            return probes(Optional.of(List.copyOf(names)));
        }

        /** The probes that come with it; empty for those that fit. */
        public Builder probes(Optional<List<String>> names) {
            this.probes = names;
            return this;
        }

        /**
         * The specification.
         *
         * @throws KmodscopeException USAGE, with the first thing that is wrong
         */
        public DriverSpec build() throws KmodscopeException {
            DriverField.LICENCE.check(licence);
            DriverField.KERNEL_MIN.check(kernelMin);
            DriverField.MODULE.check(module);
            @Nullable String givenDevice = device;
            var deviceName = givenDevice == null ? module : givenDevice;
            var version = KernelVersion.parse(kernelMin).orElseThrow();
            var problem =
                    problem(template, module, deviceName, author, description, version, probes);
            if (problem.isPresent()) {
                throw new KmodscopeException(
                        Kind.USAGE, problem.get().what(), problem.get().rule());
            }
            return new DriverSpec(
                    template,
                    module,
                    deviceName,
                    author,
                    description,
                    Licence.parse(licence).orElseThrow(),
                    features,
                    version,
                    probes);
        }
    }
}
