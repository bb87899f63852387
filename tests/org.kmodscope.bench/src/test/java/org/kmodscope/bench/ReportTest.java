/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Machine IDLE = new Machine(8, 0.03, "6.12 amd64", "21");
    private static final Row SKIPPED = new Row.Skipped("fio", "against fio", "fio is not there");

    private static Row.Measured compared(double own, double c, Budget budget) {
        return new Row.Measured(
                "rate",
                "a rate",
                "events/s",
                Spread.of(own),
                Optional.of(Spread.of(c)),
                Optional.of(Spread.of(own / c)),
                Optional.of(budget),
                "");
    }

    @Test
    void budgetsIncludeTheirLimit() {
        assertTrue(new Budget.AtLeast(0.95).isKeptBy(0.95));
        assertFalse(new Budget.AtLeast(0.95).isKeptBy(0.949));
        assertTrue(new Budget.AtMost(1.1).isKeptBy(1.1));
        assertFalse(new Budget.AtMost(0).isKeptBy(1));
        assertEquals(">= 0.95", new Budget.AtLeast(0.95).toString());
        assertEquals("<= 64", new Budget.AtMost(64).toString());
    }

    @Test
    void oneMissedBudgetIsAMissedRun() {
        Row kept = compared(96, 100, new Budget.AtLeast(0.95));
        Row missed = compared(94, 100, new Budget.AtLeast(0.95));
        assertTrue(new Report(IDLE, false, List.of(kept, SKIPPED)).ok());
        Report report = new Report(IDLE, false, List.of(kept, missed, SKIPPED));
        assertFalse(report.ok());
        assertTrue(report.text().contains("MISSED"), report.text());
        assertTrue(report.text().contains("not measured: fio is not there"), report.text());
        assertTrue(report.markdown().contains("| MISSED |"), report.markdown());
    }

    @Test
    void theJsonSaysRatioSpreadBudgetAndVerdict() {
        Row alone = Row.Measured.alone("loss", "a loss", "events", Spread.of(0), Optional.empty());
        Report report =
                new Report(
                        IDLE,
                        false,
                        List.of(compared(50, 100, new Budget.AtLeast(0.95)), alone, SKIPPED));
        JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();
        JsonObject rate = json.getAsJsonArray("results").get(0).getAsJsonObject();
        assertEquals("rate", rate.get("name").getAsString());
        assertEquals(0.5, rate.get("ratio_to_c").getAsDouble());
        assertEquals("[0.5,0.5]", rate.get("spread").toString());
        assertEquals(">= 0.95", rate.get("budget").getAsString());
        assertFalse(rate.get("ok").getAsBoolean());
        JsonObject loss = json.getAsJsonArray("results").get(1).getAsJsonObject();
        assertTrue(loss.get("ratio_to_c").isJsonNull());
        assertTrue(loss.get("ok").isJsonNull());
        JsonObject fio = json.getAsJsonArray("results").get(2).getAsJsonObject();
        assertEquals("fio is not there", fio.get("skipped").getAsString());
        assertFalse(json.get("ok").getAsBoolean());
        assertTrue(json.get("trusted").getAsBoolean());
    }

    @Test
    void aBusyMachineIsSaid() {
        Machine busy = new Machine(2, 0.16, "6.12 amd64", "21");
        Report report = new Report(busy, false, List.of(SKIPPED));
        assertTrue(report.text().contains("too busy to trust"), report.text());
        assertTrue(report.json().contains("\"trusted\": false"), report.json());
        assertFalse(new Report(IDLE, false, List.of(SKIPPED)).text().contains("busy"));
    }

    @Test
    void whatIsNotIdleIsBusy() {
        long[] before = Machine.ticks("cpu  10 0 10 100 5 0 0 0 7 7\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
        long[] after = Machine.ticks("cpu  20 5 10 150 35 0 2 3 7 7\n");
        // 100 ticks, of which 80 idle or waiting for a disk; what the host took was not idle.
        assertEquals(0.2, Machine.busy(before, after), 1e-9);
        assertEquals(0, Machine.busy(before, before));
    }

    @Test
    void runsThatDifferAreSaidAndStillJudged() {
        Row wide =
                Row.Measured.alone(
                        "ring",
                        "a ring",
                        "ns/event",
                        Spread.of(2, 3, 9),
                        Optional.of(new Budget.AtMost(4)));
        Report report = new Report(IDLE, false, List.of(wide));
        assertTrue(report.ok());
        assertTrue(report.text().contains("may be off by more than 10 %: a ring"), report.text());
        assertTrue(report.text().contains("ok (noisy)"), report.text());
    }

    @Test
    void aLossThatIsNotToldCounts() {
        assertEquals(0, new LossRuns.Loss(10, 6, 4, 0).unreported());
        assertEquals(1, new LossRuns.Loss(10, 6, 3, 0).unreported());
        assertEquals(1, new LossRuns.Loss(10, 6, 5, 0).unreported());
        assertEquals(0, new LossRuns.Loss(10, 6, 0, 1).unreported());
        assertFalse(new LossRuns.Loss(10, 10, 0, 0).isForced());
    }
}
