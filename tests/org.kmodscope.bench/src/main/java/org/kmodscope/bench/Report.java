/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that was measured in one run.
 *
 * @param quick whether it was a short one, which says less
 */
record Report(Machine machine, boolean quick, List<Row> rows) {

    Report {
        rows = List.copyOf(rows);
    }

    /** Whether all budgets were kept. */
    boolean ok() {
        return rows.stream().noneMatch(Row::isMissed);
    }

    /** For people, at a terminal. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-46s %12s %12s  %-22s %-9s%n",
                        "",
                        "kmodscope",
                        "C",
                        "ratio [least, most]",
                        "budget"));
        for (Row row : rows) {
            text.append(
                    switch (row) {
                        case Row.Measured measured ->
                                String.format(
                                        Locale.ROOT,
                                        "%-46s %12s %12s  %-22s %-9s %s%n",
                                        measured.title() + ", " + measured.unit(),
                                        figure(measured.own().median()),
                                        measured.c().map(c -> figure(c.median())).orElse(""),
                                        measured.ratio().map(Report::spread).orElse(""),
                                        budget(measured),
                                        verdict(measured));
                        case Row.Skipped skipped ->
                                String.format(
                                        Locale.ROOT,
                                        "%-46s not measured: %s%n",
                                        skipped.title(),
                                        skipped.why());
                    });
        }
        warnings().forEach(line -> text.append(line).append(System.lineSeparator()));
        return text.toString();
    }

    /** For a page about it. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("| what | kmodscope | C | ratio [least, most] | budget | |\n");
        text.append("| --- | ---: | ---: | --- | --- | --- |\n");
        for (Row row : rows) {
            text.append(
                    switch (row) {
                        case Row.Measured measured ->
                                String.format(
                                        Locale.ROOT,
                                        "| %s, %s | %s | %s | %s | %s | %s |\n",
                                        measured.title(),
                                        measured.unit(),
                                        figure(measured.own().median()),
                                        measured.c().map(c -> figure(c.median())).orElse(""),
                                        measured.ratio().map(Report::spread).orElse(""),
                                        budget(measured),
                                        verdict(measured));
                        case Row.Skipped skipped ->
                                String.format(
                                        Locale.ROOT,
                                        "| %s | | | | | not measured: %s |\n",
                                        skipped.title(),
                                        skipped.why());
                    });
        }
        text.append(
                String.format(
                        Locale.ROOT,
                        "\n%d CPUs, %.0f %% of them busy with other things, Linux %s, Java %s%s\n",
                        machine.cpus(),
                        100 * machine.busy(),
                        machine.kernel(),
                        machine.java(),
                        quick ? ", a quick run" : ""));
        warnings().forEach(line -> text.append('\n').append(line).append('\n'));
        return text.toString();
    }

    /** For programs. */
    String json() {
        JsonArray results = new JsonArray();
        rows.forEach(row -> results.add(json(row)));
        JsonObject where = new JsonObject();
        where.addProperty("cpus", machine.cpus());
        where.addProperty("busy", machine.busy());
        where.addProperty("kernel", machine.kernel());
        where.addProperty("java", machine.java());
        JsonObject top = new JsonObject();
        top.add("results", results);
        top.addProperty("ok", ok());
        top.addProperty("trusted", warnings().isEmpty());
        top.addProperty("quick", quick);
        top.add("machine", where);
        Gson gson =
                new GsonBuilder()
                        .setPrettyPrinting()
                        .serializeNulls()
                        .disableHtmlEscaping()
                        .create();
        return gson.toJson(top) + "\n";
    }

    private static JsonObject json(Row row) {
        JsonObject json = new JsonObject();
        json.addProperty("name", row.name());
        switch (row) {
            case Row.Measured measured -> {
                JsonArray ends = new JsonArray();
                ends.add(measured.judged().least());
                ends.add(measured.judged().most());
                json.addProperty("ratio_to_c", measured.ratio().map(Spread::median).orElse(null));
                json.add("spread", ends);
                json.addProperty("budget", measured.budget().map(Object::toString).orElse(null));
                json.addProperty("ok", measured.ok().orElse(null));
                json.addProperty("value", measured.own().median());
                json.addProperty("c", measured.c().map(Spread::median).orElse(null));
                json.addProperty("unit", measured.unit());
                json.addProperty("noisy", measured.isNoisy());
                if (!measured.note().isEmpty()) {
                    json.addProperty("note", measured.note());
                }
            }
            case Row.Skipped skipped -> {
                json.add("ratio_to_c", JsonNull.INSTANCE);
                json.add("spread", JsonNull.INSTANCE);
                json.add("budget", JsonNull.INSTANCE);
                json.add("ok", JsonNull.INSTANCE);
                json.addProperty("skipped", skipped.why());
            }
        }
        return json;
    }

    private List<String> warnings() {
        List<String> noisy = rows.stream().filter(Row::isNoisy).map(Row::title).toList();
        Optional<String> wide =
                noisy.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                String.format(
                                        Locale.ROOT,
                                        "Runs differ so much that these medians may be off by more than"
                                                + " %.0f %%: %s.",
                                        100 * Spread.FAR_OFF,
                                        String.join("; ", noisy)));
        Optional<String> brief =
                quick
                        ? Optional.of("A quick run: it shows that all works, not how fast it is.")
                        : Optional.empty();
        return Stream.of(machine.tooBusy(), wide, brief).flatMap(Optional::stream).toList();
    }

    private static String budget(Row.Measured measured) {
        return measured.budget().map(Object::toString).orElse("");
    }

    private static String verdict(Row.Measured measured) {
        String verdict =
                measured.ok().map(ok -> ok ? "ok" : "MISSED").orElse("")
                        + (measured.isNoisy() ? " (noisy)" : "");
        return (verdict + " " + measured.note()).strip();
    }

    private static String spread(Spread spread) {
        return String.format(
                Locale.ROOT, "%.2f [%.2f, %.2f]", spread.median(), spread.least(), spread.most());
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%,.0f" : "%.2f", value);
    }
}
