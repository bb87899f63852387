/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * What there is, according to the templates' own lists; a class path cannot be asked for its
 * directories.
 *
 * <pre>
 * drivers/index.json           {"templates": ["globalfifo"]}
 * drivers/NAME/template.json   {"prefix": …, "description": …, "features": […], "defaults": […],
 *                               "onlyWithAio": […],
 *                               "probes": [names],
 *                               "files": [{"path", "to", "when": [switches]}]}
 * project/index.json           {"files": […]}
 * probes/index.json            {"shared": ["probe.h"],
 *                               "probes": [{"name", "needs": [any of these features]}]}
 * </pre>
 */
final class TemplateIndex {

    /** One file: from where, to where, and the switches that must all be on. */
    record Entry(String from, String to, List<String> when) {}

    /**
     * One driver template.
     *
     * @param prefix the word that the module's name takes the place of
     * @param description what it is when the user says nothing, one line
     * @param features what it offers
     * @param defaults those of them that it has when the user says nothing
     * @param onlyWithAio those of them that mean nothing without asynchronous I/O
     * @param probes names of the probes that have something to say about it
     * @param files what it consists of
     */
    record Driver(
            String prefix,
            String description,
            Set<Feature> features,
            Set<Feature> defaults,
            Set<Feature> onlyWithAio,
            List<String> probes,
            List<Entry> files) {}

    /**
     * One probe, and the features of which a driver has to have one; none when any driver will do.
     */
    record Probe(String name, Set<Feature> needs) {

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
            @Nullable List<String> features,
            @Nullable List<String> defaults,
            @Nullable List<String> onlyWithAio,
            @Nullable List<String> probes,
            @Nullable List<FileItem> files) {}

    private record ProjectFile(@Nullable List<FileItem> files) {}

    private record ProbeItem(@Nullable String name, @Nullable List<String> needs) {}

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
        return new Driver(
                present(file.prefix(), path, "prefix"),
                present(file.description(), path, "description"),
                features(list(file.features(), path, "features"), path),
                features(list(file.defaults(), path, "defaults"), path),
                features(orEmpty(file.onlyWithAio()), path),
                orEmpty(file.probes()),
                entries(file.files(), directory, path));
    }

    List<Entry> project() throws KmodscopeException {
        var path = "project/index.json";
        return entries(read(path, ProjectFile.class).files(), "project", path);
    }

    List<Probe> probes() throws KmodscopeException {
        var path = "probes/index.json";
        var result = new ArrayList<Probe>();
        for (var item : list(read(path, ProbesFile.class).probes(), path, "probes")) {
            result.add(
                    new Probe(
                            present(item.name(), path, "name"),
                            features(orEmpty(item.needs()), path)));
        }
        return result;
    }

    List<Entry> probeFiles(List<String> probes) throws KmodscopeException {
        var path = "probes/index.json";
        var shared = list(read(path, ProbesFile.class).shared(), path, "shared");
        return probes.isEmpty()
                ? List.of()
                : Stream.concat(shared.stream(), probes.stream().map(name -> name + ".c"))
                        .map(name -> "probes/" + name)
                        .map(name -> new Entry(name, name, List.of()))
                        .toList();
    }

    private static List<Entry> entries(
            @Nullable List<FileItem> items, String directory, String path)
            throws KmodscopeException {
        var result = new ArrayList<Entry>();
        for (var item : list(items, path, "files")) {
            var from = present(item.path(), path, "path");
            @Nullable String to = item.to();
            result.add(
                    new Entry(
                            directory + "/" + from, to == null ? from : to, orEmpty(item.when())));
        }
        return result;
    }

    private static Set<Feature> features(List<String> words, String path)
            throws KmodscopeException {
        var result = new LinkedHashSet<Feature>();
        for (var word : words) {
            result.add(Feature.parse(word).orElseThrow(() -> damaged(path, "names " + word, null)));
        }
        return result;
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

    private static String present(@Nullable String text, String path, String member)
            throws KmodscopeException {
        if (text == null) {
            throw damaged(path, "has no " + member, null);
        }
        return text;
    }

    static KmodscopeException damaged(String path, String what, @Nullable Throwable cause) {
        return new KmodscopeException(
                Kind.FAILED,
                "The template file " + path + " " + what + ".",
                "Install kmodscope again, and report this when it does not help.",
                cause);
    }
}
