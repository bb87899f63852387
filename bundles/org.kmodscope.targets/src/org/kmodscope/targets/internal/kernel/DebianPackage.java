/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One version of a package, as its archive describes it (deb-control(5)).
 *
 * @param name its name
 * @param version its version
 * @param bytes the size of the .deb
 * @param sha256 its digest, as the signed lists have it
 * @param unpackedBytes what it takes when unpacked, about
 * @param depends the first alternative of each package it depends on
 */
record DebianPackage(
        String name,
        String version,
        long bytes,
        String sha256,
        long unpackedBytes,
        List<Dependency> depends) {

    private static final Pattern DEPENDENCY =
            Pattern.compile(
                    "([a-z0-9][a-z0-9+.-]*)(?::\\w+)?\\s*(?:\\(\\s*(<<|<=|=|>=|>>)\\s*(\\S+?)\\s*\\))?");

    /**
     * A package depended on.
     *
     * @param name its name
     * @param version the exact version asked for; empty when another will do, too
     */
    record Dependency(String name, String version) {}

    /** The name with its exact version, as apt-get takes it. */
    String exact() {
        return name + "=" + version;
    }

    /**
     * Reads what {@code apt-cache show} prints. Stanzas without name, version or size are passed
     * over: they are of virtual packages.
     */
    static List<DebianPackage> parse(String text) {
        List<DebianPackage> packages = new ArrayList<>();
        for (String stanza : text.split("\\n\\s*\\n")) {
            Map<String, String> fields = new HashMap<>();
            for (String line : stanza.split("\\n")) {
                int colon = line.indexOf(':');
                if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
                    fields.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            String name = fields.getOrDefault("package", "");
            String version = fields.getOrDefault("version", "");
            long bytes = number(fields.getOrDefault("size", ""));
            if (!name.isEmpty() && !version.isEmpty() && bytes > 0) {
                packages.add(
                        new DebianPackage(
                                name,
                                version,
                                bytes,
                                fields.getOrDefault("sha256", ""),
                                1024 * number(fields.getOrDefault("installed-size", "0")),
                                dependencies(fields.getOrDefault("depends", ""))));
            }
        }
        return packages;
    }

    private static List<Dependency> dependencies(String field) {
        List<Dependency> all = new ArrayList<>();
        for (String entry : field.split(",")) {
            Matcher matcher = DEPENDENCY.matcher(entry.strip().split("\\|")[0].strip());
            if (matcher.matches()) {
                String version = "=".equals(matcher.group(2)) ? matcher.group(3) : "";
                all.add(new Dependency(matcher.group(1), version));
            }
        }
        return List.copyOf(all);
    }

    private static long number(String digits) {
        return digits.matches("\\d{1,15}") ? Long.parseLong(digits) : 0;
    }
}
