/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The package sources of this machine, as sources.list(5) describes them in both its formats, and
 * the sources of another Debian release derived from them: the same mirrors, the same keys.
 */
final class AptSources {

    private static final Set<String> RELEASES =
            Set.of(
                    "bullseye",
                    "bookworm",
                    "trixie",
                    "forky",
                    "duke",
                    "sid",
                    "oldoldstable",
                    "oldstable",
                    "stable",
                    "testing",
                    "unstable");

    /** Fields of a stanza that say which packages, not how to get them. */
    private static final Set<String> NOT_CARRIED =
            Set.of(
                    "types",
                    "uris",
                    "suites",
                    "components",
                    "architectures",
                    "enabled",
                    "languages",
                    "targets",
                    "description");

    private static final Pattern ONE_LINE =
            Pattern.compile("deb\\s+(?:\\[\\s*([^\\]]*?)\\s*\\]\\s+)?(\\S+)\\s+(\\S+)\\s*(.*)");

    /**
     * One archive and suite.
     *
     * @param uri where the archive is
     * @param suite its distribution
     * @param options how to get it, by deb822 field name in lower case: Signed-By and the like
     */
    private record Entry(String uri, String suite, Map<String, String> options) {

        boolean endsWith(String name) {
            return uri.replaceFirst("/+$", "").endsWith("/" + name);
        }

        Entry of(String other) {
            return new Entry(uri, other, options);
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /** Adds a file in one-line format. */
    void addList(String text) {
        for (String raw : text.split("\\n")) {
            String line = raw.replaceFirst("#.*", "").strip();
            Matcher matcher = ONE_LINE.matcher(line);
            if (matcher.matches() && words(matcher.group(4)).contains("main")) {
                Map<String, String> options = new TreeMap<>();
                String given = matcher.group(1);
                for (String option : words(given == null ? "" : given)) {
                    int equals = option.indexOf('=');
                    if (equals > 0) {
                        options.put(
                                option.substring(0, equals).toLowerCase(Locale.ROOT),
                                option.substring(equals + 1).replace(',', ' '));
                    }
                }
                options.keySet().removeAll(Set.of("arch", "lang", "target"));
                entries.add(new Entry(matcher.group(2), matcher.group(3), options));
            }
        }
    }

    /** Adds a file in deb822 format. */
    void addStanzas(String text) {
        StringBuilder kept = new StringBuilder();
        for (String line : text.split("\\n", -1)) {
            if (!line.startsWith("#")) {
                kept.append(line).append('\n');
            }
        }
        for (String stanza : kept.toString().split("\\n[ \\t]*\\n")) {
            addStanza(fields(stanza));
        }
    }

    private void addStanza(Map<String, String> fields) {
        boolean enabled =
                !Set.of("no", "false", "0", "off", "without", "disable")
                        .contains(fields.getOrDefault("enabled", "yes").toLowerCase(Locale.ROOT));
        if (!enabled
                || !words(fields.getOrDefault("types", "")).contains("deb")
                || !words(fields.getOrDefault("components", "")).contains("main")) {
            return;
        }
        Map<String, String> options = new TreeMap<>(fields);
        options.keySet().removeIf(name -> NOT_CARRIED.contains(name) || name.startsWith("x-"));
        for (String uri : words(fields.getOrDefault("uris", ""))) {
            for (String suite : words(fields.getOrDefault("suites", ""))) {
                entries.add(new Entry(uri, suite, options));
            }
        }
    }

    private static Map<String, String> fields(String stanza) {
        Map<String, String> fields = new LinkedHashMap<>();
        String last = "";
        for (String line : stanza.split("\\n")) {
            int colon = line.indexOf(':');
            if (line.startsWith(" ") || line.startsWith("\t")) {
                fields.computeIfPresent(last, (name, value) -> value + "\n" + line);
            } else if (colon > 0) {
                last = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                fields.put(last, line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    /**
     * The sources of a Debian release for this architecture, in deb822 format: its archive, its
     * security archive, its updates where the machine uses them, and its backports where asked for.
     * Empty when the machine has no Debian archive at all.
     */
    Optional<String> derive(DebianSuite suite, String architecture) {
        String release = suite.name();
        Optional<Entry> archive = best("", release, "debian");
        if (archive.isEmpty()) {
            return Optional.empty();
        }
        List<Entry> wanted = new ArrayList<>();
        wanted.add(archive.get().of(release));
        Optional<Entry> security =
                best("-security", release, "debian-security")
                        .or(() -> best("/updates", release, "debian-security"));
        security.filter(entry -> !release.equals("sid")) // which is fixed by new versions alone
                .ifPresent(entry -> wanted.add(entry.of(release + "-security")));
        entries.stream()
                .filter(entry -> entry.suite.equals(release + "-updates"))
                .findFirst()
                .ifPresent(wanted::add);
        if (suite.backports()) {
            wanted.add(archive.get().of(release + "-backports"));
        }
        StringBuilder text = new StringBuilder();
        for (Entry entry : wanted) {
            text.append("Types: deb\nURIs: ").append(entry.uri);
            text.append("\nSuites: ").append(entry.suite);
            text.append("\nComponents: main\nArchitectures: ").append(architecture).append('\n');
            entry.options.forEach(
                    (name, value) -> text.append(name).append(": ").append(value).append('\n'));
            text.append('\n');
        }
        return Optional.of(text.toString());
    }

    /**
     * The entry to take a mirror from: one for this very release if there is one, of Debian's usual
     * path if there is one; third parties use Debian's suite names as well.
     */
    private Optional<Entry> best(String suffix, String release, String usualPath) {
        return entries.stream()
                .filter(entry -> !entry.uri.startsWith("cdrom:"))
                .filter(entry -> entry.suite.endsWith(suffix))
                .filter(
                        entry ->
                                RELEASES.contains(
                                        entry.suite.substring(
                                                0, entry.suite.length() - suffix.length())))
                .min(
                        Comparator.comparing((Entry entry) -> !entry.endsWith(usualPath))
                                .thenComparing(entry -> !entry.suite.equals(release + suffix)));
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}
