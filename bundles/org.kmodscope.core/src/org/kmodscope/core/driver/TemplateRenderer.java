/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Turns a specification into a project's files: evaluates the switches, puts the user's names in,
 * aligns and wraps what the names moved.
 *
 * <p>A pure function of the specification and the templates: no clock, no environment, no file is
 * written. It keeps no state and may be called from any thread; it reads the templates each time,
 * so that a wizard calls it off the user interface's thread.
 */
public final class TemplateRenderer {

    private static final Pattern BEFORE = Pattern.compile("KMOD_BEFORE_(\\d+)_(\\d+)");
    private static final Pattern PROBE = Pattern.compile("KMOD_PROBE_[A-Z0-9_]+");
    private static final String SPDX = "SPDX-License-Identifier: ";

    private final TemplateSource source;
    private final TemplateIndex index;

    /**
     * @param source where the templates are
     */
    public TemplateRenderer(TemplateSource source) {
        this.source = source;
        this.index = new TemplateIndex(source);
    }

    /**
     * The names of the templates there are, the default first.
     *
     * @throws KmodscopeException FAILED when the templates are damaged
     */
    public List<String> templates() throws KmodscopeException {
        return List.copyOf(index.templates());
    }

    /**
     * What each template offers, the default first.
     *
     * @throws KmodscopeException FAILED when the templates are damaged
     */
    public List<TemplateOffer> offers() throws KmodscopeException {
        var probes = index.probes();
        var result = new ArrayList<TemplateOffer>();
        for (var name : index.templates()) {
            var driver = index.driver(name);
            result.add(
                    new TemplateOffer(
                            name,
                            driver.description(),
                            driver.features(),
                            FeatureSet.of(driver.defaults()),
                            driver.needsOne(),
                            probes.stream()
                                    .filter(probe -> driver.probes().contains(probe.name()))
                                    .map(p -> new TemplateOffer.Probe(p.name(), p.needs()))
                                    .toList()));
        }
        return result;
    }

    /**
     * The features that a template offers today.
     *
     * @throws KmodscopeException USAGE when there is no such template, FAILED when it is damaged
     */
    public Set<Feature> features(String template) throws KmodscopeException {
        checkTemplate(template);
        return Set.copyOf(index.driver(template).features());
    }

    /**
     * Whether writing to the template's device makes something happen. Where it does not, events
     * come by themselves, or never.
     *
     * @throws KmodscopeException USAGE when there is no such template, FAILED when it is damaged
     */
    public boolean writable(String template) throws KmodscopeException {
        checkTemplate(template);
        return index.driver(template).writable();
    }

    /**
     * Reads a list of features as {@link FeatureSet#parse}, except that {@code fasync} brings only
     * what the template offers.
     *
     * @throws KmodscopeException USAGE, naming the word that is wrong or when there is no such
     *     template, FAILED when it is damaged
     */
    public FeatureSet parse(String template, String features) throws KmodscopeException {
        return FeatureSet.parse(features, features(template));
    }

    /**
     * Begins a specification with what a template has by default: its features and its description.
     *
     * @param module the module's name
     * @throws KmodscopeException USAGE when there is no such template, FAILED when it is damaged
     */
    public DriverSpec.Builder begin(String template, String module) throws KmodscopeException {
        checkTemplate(template);
        var driver = index.driver(template);
        return DriverSpec.named(module)
                .template(template)
                .description(driver.description())
                .features(FeatureSet.of(driver.defaults()));
    }

    /**
     * The names of the probes that a template comes with, whatever its features.
     *
     * @throws KmodscopeException USAGE when there is no such template, FAILED when it is damaged
     */
    public List<String> probes(String template) throws KmodscopeException {
        checkTemplate(template);
        return List.copyOf(index.driver(template).probes());
    }

    /**
     * The names of those of a template's probes that have something to test in a driver with these
     * features.
     *
     * @throws KmodscopeException USAGE when there is no such template, FAILED when it is damaged
     */
    public List<String> probes(String template, FeatureSet features) throws KmodscopeException {
        var offered = probes(template);
        return index.probes().stream()
                .filter(probe -> offered.contains(probe.name()) && probe.fits(features))
                .map(TemplateIndex.Probe::name)
                .toList();
    }

    /**
     * Renders a specification. Where it names no probes, the project gets those that fit.
     *
     * @throws KmodscopeException USAGE when the template, a feature or a probe is not offered, or
     *     not yet; FAILED when the templates are damaged
     */
    public GeneratedTree render(DriverSpec asked) throws KmodscopeException {
        checkTemplate(asked.template());
        var driver = index.driver(asked.template());
        checkOffered(asked, driver);
        var probes =
                asked.probes().isPresent()
                        ? asked.probes().get()
                        : probes(asked.template(), asked.features());
        var spec = asked.withProbes(probes);
        // A file of the template takes the place of the project's of that name.
        var entries = new ArrayList<>(index.project());
        entries.addAll(driver.files());
        entries.addAll(index.probeFiles(driver, probes));
        var values = values(spec, driver);
        var files = new TreeMap<String, byte[]>();
        for (var entry : entries) {
            if (!on(spec, entry.when()).containsAll(entry.when())) {
                continue;
            }
            var text = new String(source.read(entry.from()), StandardCharsets.UTF_8);
            var naming = new Naming(entry.prefix(), spec, values);
            // A probe is called by its name, whatever the driver's is.
            var probe = entry.to().startsWith("probes/");
            var path = probe ? entry.to() : naming.apply(entry.to(), false);
            try {
                var rendered = render(text, spec, naming, Form.of(path));
                files.put(path, rendered.getBytes(StandardCharsets.UTF_8));
            } catch (TemplateException e) {
                throw TemplateIndex.damaged(entry.from(), "is not valid, " + e.getMessage(), e);
            }
        }
        files.put(SpecFile.NAME, SpecFile.format(spec).getBytes(StandardCharsets.UTF_8));
        return new GeneratedTree(files);
    }

    /**
     * The file that has a CI system run {@code kmodscope matrix}, as it is to be in a project. It
     * is the same for all projects.
     *
     * @throws KmodscopeException FAILED when the templates are damaged
     */
    public byte[] workflow(CiSystem system) throws KmodscopeException {
        return source.read("ci/" + system.word() + ".yml");
    }

    /** What stands for {@code @WORD@}. */
    private static Map<String, String> values(DriverSpec spec, TemplateIndex.Driver driver) {
        var several = spec.features().has(Feature.MINORS);
        return Map.of(
                "AUTHOR", spec.author(),
                "DESCRIPTION", spec.description(),
                "DEVICE", spec.node().substring("/dev/".length()),
                "DEVICES", spec.device() + (several ? "[0-9]*" : ""),
                "FEATURES", spec.features().toString(),
                "KERNEL_MIN", spec.kernelMin().toString(),
                "MODEL", driver.model(),
                "MODULE", spec.module());
    }

    /**
     * The guide from older drivers to those of these templates, in Markdown.
     *
     * @throws KmodscopeException FAILED when the templates are damaged
     */
    public String guide() throws KmodscopeException {
        return new String(source.read("help/migration-guide.md"), StandardCharsets.UTF_8);
    }

    private static String render(String text, DriverSpec spec, Naming naming, Form kind)
            throws TemplateException {
        var known = known(text);
        var on = on(spec, known);
        var lines = new ArrayList<Line>();
        for (var line : new Switches(known, on).select(Text.lines(text), kind == Form.CODE)) {
            lines.add(
                    new Line(line, licence(naming.apply(line, kind == Form.CODE), spec.licence())));
        }
        return Text.join(
                switch (kind) {
                    case CODE -> CodeLayout.layOut(ProseLayout.comments(ColumnLayout.align(lines)));
                    case MARKDOWN -> ProseLayout.markdown(lines).stream().map(Line::after).toList();
                    case OTHER -> lines.stream().map(Line::after).toList();
                });
    }

    private enum Form {
        CODE,
        MARKDOWN,
        OTHER;

        static Form of(String path) {
            if (path.endsWith(".c") || path.endsWith(".h")) {
                return CODE;
            }
            return path.endsWith(".md") ? MARKDOWN : OTHER;
        }
    }

    /** The switches a file may ask for: the features, and the versions and probes it names. */
    private static Set<String> known(String text) {
        var result = new HashSet<>(Set.of("KMOD_RENDERED", "KMOD_PROBES"));
        for (var feature : Feature.values()) {
            result.add(feature.macro());
            result.add(feature.familyMacro());
        }
        BEFORE.matcher(text).results().forEach(match -> result.add(match.group()));
        PROBE.matcher(text).results().forEach(match -> result.add(match.group()));
        return result;
    }

    /** What is on, of these names and those that a specification always sets. */
    private static Set<String> on(DriverSpec spec, Collection<String> names) {
        var result = new HashSet<>(Set.of("KMOD_RENDERED"));
        names.stream().filter(name -> isBefore(name, spec.kernelMin())).forEach(result::add);
        var probes = spec.probes().orElse(List.of());
        if (!probes.isEmpty()) {
            result.add("KMOD_PROBES");
        }
        for (var probe : probes) {
            result.add("KMOD_PROBE_" + probe.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
        for (var feature : spec.features().asSet()) {
            result.add(feature.macro());
            result.add(feature.familyMacro());
        }
        return result;
    }

    private static boolean isBefore(String name, KernelVersion oldest) {
        var matcher = BEFORE.matcher(name);
        return matcher.matches()
                && oldest.compareTo(
                                new KernelVersion(
                                        Integer.parseInt(matcher.group(1)),
                                        Integer.parseInt(matcher.group(2))))
                        < 0;
    }

    /** The template's own licence lines say GPL-2.0; the user may have chosen another. */
    private static String licence(String line, Licence licence) {
        return line.replace(
                        SPDX + Licence.GPL_2_0.uapiSpdx() + " ", SPDX + licence.uapiSpdx() + " ")
                .replaceFirst(
                        SPDX + Pattern.quote(Licence.GPL_2_0.spdx()) + "(?=$| \\*/)",
                        SPDX + licence.spdx())
                .replace(
                        "MODULE_LICENSE(\"" + Licence.GPL_2_0.moduleLicense() + "\")",
                        "MODULE_LICENSE(\"" + licence.moduleLicense() + "\")");
    }

    private void checkTemplate(String template) throws KmodscopeException {
        if (!index.templates().contains(template)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "There is no template \"" + template + "\", or not yet.",
                    "Templates are: " + String.join(", ", index.templates()) + ".");
        }
    }

    private void checkOffered(DriverSpec spec, TemplateIndex.Driver driver)
            throws KmodscopeException {
        for (var feature : spec.features().asSet()) {
            if (!driver.features().contains(feature)) {
                throw new KmodscopeException(
                        Kind.USAGE,
                        "The template %s does not offer %s yet."
                                .formatted(spec.template(), feature.word()),
                        "It offers %s."
                                .formatted(
                                        String.join(
                                                ", ",
                                                driver.features().stream()
                                                        .map(Feature::word)
                                                        .toList())));
            }
        }
        for (var rule : driver.needsOne().entrySet()) {
            if (spec.features().has(rule.getKey())
                    && rule.getValue().stream().noneMatch(spec.features()::has)) {
                var words = rule.getValue().stream().map(Feature::word).toList();
                throw new KmodscopeException(
                        Kind.USAGE,
                        "The template %s has no use for %s without %s."
                                .formatted(
                                        spec.template(),
                                        rule.getKey().word(),
                                        String.join(" or ", words)),
                        "Add it, or leave " + rule.getKey().word() + " out.");
            }
        }
        for (var probe : spec.probes().orElse(List.of())) {
            if (!driver.probes().contains(probe)) {
                throw new KmodscopeException(
                        Kind.USAGE,
                        "The template %s has no probe \"%s\".".formatted(spec.template(), probe),
                        "Its probes are: " + String.join(", ", driver.probes()) + ".");
            }
        }
    }
}
