/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Reports of probes on one kernel as JSON, for scripts:
 *
 * <pre>
 * {"kernel": "debian-6.1", "passed": true, "probes": [
 *   {"name": "compare", "passed": true, "seconds": 3.2, "bailOut": "", "problems": [],
 *    "tests": [{"number": 1, "name": "poll, then read", "outcome": "pass", "reason": "",
 *               "diagnostics": [], "measures": [{"name": "poll.p50", "value": 5.6, "unit": "us"}],
 *               "subtests": []}]}]}
 * </pre>
 *
 * Not for use by several threads.
 */
public final class JsonReport {

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final String kernelId;
    private final JsonArray probes = new JsonArray();
    private boolean passed = true;

    /**
     * @param kernelId where the probes ran
     */
    public JsonReport(String kernelId) {
        this.kernelId = kernelId;
    }

    /**
     * Adds a run.
     *
     * @param elapsed how long it took
     */
    public void add(ProbeReport report, Duration elapsed) {
        JsonObject probe = new JsonObject();
        probe.addProperty("name", report.name());
        probe.addProperty("passed", report.passed());
        probe.addProperty("seconds", elapsed.toMillis() / 1e3);
        probe.addProperty("bailOut", report.bailOut().orElse(""));
        probe.add("problems", strings(report.problems()));
        probe.add("tests", tests(report.tests()));
        probes.add(probe);
        passed &= report.passed();
    }

    /** The document, without a line feed at its end. */
    public String text() {
        JsonObject document = new JsonObject();
        document.addProperty("kernel", kernelId);
        document.addProperty("passed", passed);
        document.add("probes", probes);
        return GSON.toJson(document);
    }

    private static JsonArray tests(List<ProbeTest> tests) {
        JsonArray array = new JsonArray();
        for (ProbeTest test : tests) {
            JsonObject object = new JsonObject();
            object.addProperty("number", test.number());
            object.addProperty("name", test.name());
            object.addProperty("outcome", test.outcome().name().toLowerCase(Locale.ROOT));
            object.addProperty("reason", test.reason());
            object.add("diagnostics", strings(test.diagnostics()));
            JsonArray measures = new JsonArray();
            test.measures().forEach(measure -> measures.add(GSON.toJsonTree(measure)));
            object.add("measures", measures);
            object.add("subtests", tests(test.subtests()));
            array.add(object);
        }
        return array;
    }

    private static JsonArray strings(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }
}
