/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the rules ask of a bundle.
 *
 * @param name its symbolic name
 * @param headers of its manifest
 */
record BundleFacts(String name, Map<String, String> headers, List<ClassFacts> classes) {

    /** Bundles it requires and packages it imports, without their attributes. */
    List<String> needs() {
        return Stream.of("Require-Bundle", "Import-Package")
                .flatMap(this::clauses)
                .map(BundleFacts::path)
                .toList();
    }

    List<String> exports() {
        return clauses("Export-Package").map(BundleFacts::path).toList();
    }

    /** The header's clauses, split at the commas that are not within quotes. */
    Stream<String> clauses(String header) {
        var clauses = new ArrayList<String>();
        var clause = new StringBuilder();
        boolean quoted = false;
        for (char c : Optional.ofNullable(headers.get(header)).orElse("").toCharArray()) {
            quoted ^= c == '"';
            if (c == ',' && !quoted) {
                clauses.add(clause.toString().strip());
                clause.setLength(0);
            } else {
                clause.append(c);
            }
        }
        clauses.add(clause.toString().strip());
        return clauses.stream().filter(text -> !text.isEmpty());
    }

    private static String path(String clause) {
        int attributes = clause.indexOf(';');
        return attributes < 0 ? clause : clause.substring(0, attributes).strip();
    }
}
