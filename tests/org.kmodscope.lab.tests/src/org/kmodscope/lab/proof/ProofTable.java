/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was proved, with counts, as a Markdown file in the module's {@code target} directory: a
 * reader sees how much was looked at, and that nothing was passed over. Thread-safe.
 */
final class ProofTable {

    private final String title;
    private final List<String> columns;
    private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

    ProofTable(String title, List<String> columns) {
        this.title = title;
        this.columns = columns;
    }

    /** Sets a cell. */
    synchronized void set(String row, String column, Object value) {
        if (!columns.contains(column)) {
            throw new IllegalArgumentException(column);
        }
        rows.computeIfAbsent(row, name -> new TreeMap<>()).put(column, String.valueOf(value));
    }

    /** Counts on in a cell. */
    synchronized void add(String row, String column, int more) {
        String now = rows.getOrDefault(row, Map.of()).getOrDefault(column, "0");
        set(row, column, Integer.parseInt(now) + more);
    }

    /** Writes {@code target/proof/NAME.md} and prints it. */
    synchronized void write(String name) throws IOException {
        StringBuilder text = new StringBuilder("## " + title + "\n\n| |");
        columns.forEach(column -> text.append(' ').append(column).append(" |"));
        text.append("\n| --- |").append(" ---: |".repeat(columns.size())).append('\n');
        rows.forEach(
                (row, cells) -> {
                    text.append("| ").append(row).append(" |");
                    for (String column : columns) {
                        text.append(' ').append(cells.getOrDefault(column, "-")).append(" |");
                    }
                    text.append('\n');
                });
        Path directory = Files.createDirectories(Path.of("target", "proof"));
        Files.writeString(directory.resolve(name + ".md"), text);
        System.out.println(text);
    }
}
