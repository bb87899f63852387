/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * What there is, according to the templates' own lists; a class path cannot be asked for its
 * directories.
 *
 * <pre>
 * drivers/index.json           {"templates": ["globalfifo"]}
 * drivers/NAME/template.json   {"prefix": …, "description": …, "writable": …, "features": […],
 *                               "defaults": […],
 *                               "needsOne": {feature: [features of which it needs one]},
 *                               "model": "fifo", "source", "sink" or "zero",
 *                               "probes": [names],
 *                               "files": [{"path", "to", "when": [switches]}]}
 * project/index.json           {"prefix": …, "files": […]}
 * probes/index.json            {"shared": ["probe.h"],
 *                               "probes": [{"name", "needs": [any of these features],
 *                                           "in": directory, "files": [when not NAME.c]}]}
 * </pre>
 *
 * A prefix is the name that stands for the driver's in the files that are listed with it. A probe
 * that is made for one template is in that template's directory.
 */
final class TemplateIndex {

    /** One file: from where, to where, whose prefix is in it, and the switches it needs. */
    record Entry(String from, String to, String prefix, List<String> when) {}

    /**
     * One driver template.
     *
     * @param prefix the word that the module's name takes the place of
     * @param description what it is when the user says nothing, one line
     * @param writable whether writing to its device makes something happen
     * @param features what it offers
     * @param defaults those of them that it has when the user says nothing
     * @param needsOne those of them that mean nothing without one of others
     * @param model what its device is like, as the probe {@code conformance} takes it
     * @param probes names of the probes that have something to say about it
     * @param files what it consists of
     */
    record Driver(
            String prefix,
            String description,
            boolean writable,
            Set<Feature> features,
            Set<Feature> defaults,
            Map<Feature, Set<Feature>> needsOne,
            String model,
            List<String> probes,
            List<Entry> files) {}

    /**
     * One probe, and the features of which a driver has to have one; none when any driver will do.
     *
     * @param directory where it is
     * @param files what it consists of
     */
    record Probe(String name, Set<Feature> needs, String directory, List<String> files) {

        boolean fits(FeatureSet features) {
            return needs.isEmpty() || needs.stream().anyMatch(features::has);
        }
    }

    private record FileItem(
            @Nullable String path, @Nullable String to, @Nullable List<String> when) {}

    private record DriversFile(@Nullable List<String> templates) {}

    private record DriverFile(
            @Nullable String prefix,
            @Nullable String description,
            @Nullable Boolean writable,
            @Nullable List<String> features,
            @Nullable List<String> defaults,
            @Nullable Map<String, List<String>> needsOne,
            @Nullable String model,
            @Nullable List<String> probes,
            @Nullable List<FileItem> files) {}

    private record ProjectFile(@Nullable String prefix, @Nullable List<FileItem> files) {}

    private record ProbeItem(
            @Nullable String name,
            @Nullable List<String> needs,
            @Nullable String in,
            @Nullable List<String> files) {}

    private record ProbesFile(@Nullable List<String> shared, @Nullable List<ProbeItem> probes) {}

    private static final Gson GSON = new Gson();

    private final TemplateSource source;

    TemplateIndex(TemplateSource source) {
        this.source = source;
    }

    List<String> templates() throws KmodscopeException {
        var path = "drivers/index.json";
        return list(read(path, DriversFile.class).templates(), path, "templates");
    }

    Driver driver(String template) throws KmodscopeException {
        var directory = "drivers/" + template;
        var path = directory + "/template.json";
        var file = read(path, DriverFile.class);
        var prefix = present(file.prefix(), path, "prefix");
        @Nullable String model = file.model();
        return new Driver(
                prefix,
                present(file.description(), path, "description"),
                present(file.writable(), path, "writable"),
                features(list(file.features(), path, "features"), path),
                features(list(file.defaults(), path, "defaults"), path),
                needsOne(file.needsOne(), path),
                model == null ? "fifo" : model,
                orEmpty(file.probes()),
                entries(file.files(), directory, prefix, path));
    }

    private static Map<Feature, Set<Feature>> needsOne(
            @Nullable Map<String, List<String>> items, String path) throws KmodscopeException {
        var result = new EnumMap<Feature, Set<Feature>>(Feature.class);
        if (items != null) {
            for (var item : items.entrySet()) {
                result.put(feature(item.getKey(), path), features(item.getValue(), path));
            }
        }
        return result;
    }

    List<Entry> project() throws KmodscopeException {
        var path = "project/index.json";
        var file = read(path, ProjectFile.class);
        return entries(file.files(), "project", present(file.prefix(), path, "prefix"), path);
    }

    List<Probe> probes() throws KmodscopeException {
        var path = "probes/index.json";
        var result = new ArrayList<Probe>();
        for (var item : list(read(path, ProbesFile.class).probes(), path, "probes")) {
            var name = present(item.name(), path, "name");
            @Nullable String directory = item.in();
            @Nullable List<String> files = item.files();
            result.add(
                    new Probe(
                            name,
                            features(orEmpty(item.needs()), path),
                            directory == null ? "probes" : directory,
                            files == null ? List.of(name + ".c") : files));
        }
        return result;
    }

    List<Entry> probeFiles(Driver driver, List<String> probes) throws KmodscopeException {
        if (probes.isEmpty()) {
            return List.of();
        }
        var path = "probes/index.json";
        var result = new ArrayList<Entry>();
        for (var header : list(read(path, ProbesFile.class).shared(), path, "shared")) {
            var to = "probes/" + header;
            result.add(new Entry(to, to, driver.prefix(), List.of()));
        }
        for (var probe : probes()) {
            if (!probes.contains(probe.name())) {
                continue;
            }
            for (var file : probe.files()) {
                result.add(
                        new Entry(
                                probe.directory() + "/" + file,
                                "probes/" + file,
                                driver.prefix(),
                                List.of()));
            }
        }
        return result;
    }

    private static List<Entry> entries(
            @Nullable List<FileItem> items, String directory, String prefix, String path)
            throws KmodscopeException {
        var result = new ArrayList<Entry>();
        for (var item : list(items, path, "files")) {
            var from = present(item.path(), path, "path");
            @Nullable String to = item.to();
            result.add(
                    new Entry(
                            directory + "/" + from,
                            to == null ? from : to,
                            prefix,
                            orEmpty(item.when())));
        }
        return result;
    }

    private static Set<Feature> features(List<String> words, String path)
            throws KmodscopeException {
        var result = new LinkedHashSet<Feature>();
        for (var word : words) {
            result.add(feature(word, path));
        }
        return result;
    }

    private static Feature feature(String word, String path) throws KmodscopeException {
        return Feature.parse(word).orElseThrow(() -> damaged(path, "names " + word, null));
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private <T> T read(String path, Class<T> type) throws KmodscopeException {
        var text = new String(source.read(path), StandardCharsets.UTF_8);
        try {
            return Optional.ofNullable(GSON.fromJson(text, type))
                    .orElseThrow(() -> damaged(path, "is empty", null));
        } catch (JsonParseException e) {
            throw damaged(path, "is not understood: " + e.getMessage(), e);
        }
    }

    private static <T> List<T> list(@Nullable List<T> list, String path, String member)
            throws KmodscopeException {
        if (list == null) {
            throw damaged(path, "has no list " + member, null);
        }
        return list;
    }

    private static <T> T present(@Nullable T value, String path, String member)
            throws KmodscopeException {
        if (value == null) {
            throw damaged(path, "has no " + member, null);
        }
        return value;
    }

    static KmodscopeException damaged(String path, String what, @Nullable Throwable cause) {
        return new KmodscopeException(
                Kind.FAILED,
                "The template file " + path + " " + what + ".",
                "Install kmodscope again, and report this when it does not help.",
                cause);
    }
}
