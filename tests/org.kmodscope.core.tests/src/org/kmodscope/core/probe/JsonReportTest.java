/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JsonReportTest {

    private static ProbeReport parse(String text) {
        KtapParser parser = new KtapParser("compare");
        text.lines().forEach(parser::line);
        return parser.finish();
    }

    @Test
    void allThatAScriptAsksFor() {
        JsonReport report = new JsonReport("debian-6.1");
        report.add(
                parse(
                        """
                        KTAP version 1
                        1..2
                        # "quoted"
                        # measure poll.p50 5.25 us
                        ok 1 poll
                        not ok 2 deferred # XFAIL it only reports later
                        """),
                Duration.ofMillis(1_500));
        JsonObject document = JsonParser.parseString(report.text()).getAsJsonObject();
        assertEquals("debian-6.1", document.get("kernel").getAsString());
        assertTrue(document.get("passed").getAsBoolean());
        JsonObject probe = document.getAsJsonArray("probes").get(0).getAsJsonObject();
        assertEquals("compare", probe.get("name").getAsString());
        assertEquals(1.5, probe.get("seconds").getAsDouble());
        JsonObject poll = probe.getAsJsonArray("tests").get(0).getAsJsonObject();
        assertEquals("pass", poll.get("outcome").getAsString());
        assertEquals("\"quoted\"", poll.getAsJsonArray("diagnostics").get(0).getAsString());
        JsonObject measure = poll.getAsJsonArray("measures").get(0).getAsJsonObject();
        assertEquals("poll.p50", measure.get("name").getAsString());
        assertEquals(5.25, measure.get("value").getAsDouble());
        assertEquals("us", measure.get("unit").getAsString());
        JsonObject deferred = probe.getAsJsonArray("tests").get(1).getAsJsonObject();
        assertEquals("xfail", deferred.get("outcome").getAsString());
        assertEquals("it only reports later", deferred.get("reason").getAsString());
    }

    @Test
    void oneFailureIsAFailureOfAll() {
        JsonReport report = new JsonReport("debian-6.1");
        report.add(parse("KTAP version 1\n1..2\nok 1 a\n"), Duration.ZERO);
        report.add(parse("KTAP version 1\n1..1\nok 1 a\n"), Duration.ZERO);
        JsonObject document = JsonParser.parseString(report.text()).getAsJsonObject();
        assertFalse(document.get("passed").getAsBoolean());
        assertEquals(
                1,
                document.getAsJsonArray("probes")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonArray("problems")
                        .size());
    }
}
