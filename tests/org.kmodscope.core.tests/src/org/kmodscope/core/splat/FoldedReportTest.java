/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.splat.ModuleSource.Place;

/** What is shown first of a report; the kernel's text is in SplatParserTest's files. */
class FoldedReportTest {

    private static Splat splat(List<String> lines) {
        return SplatParser.parse(lines).getFirst();
    }

    private static List<String> folded(Splat splat) throws Exception {
        return FoldedReport.of(
                splat,
                "bugs",
                frame -> Optional.of(new Place("bugs.c", (int) frame.offset() + 1000)));
    }

    @Test
    void ofAReportOfKasanTheDriversCallsAreLeft() throws Exception {
        Splat splat;
        try (InputStream in = FoldedReportTest.class.getResourceAsStream("/splat/uaf.txt")) {
            splat = splat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        }
        List<String> folded = folded(splat);
        assertEquals(splat.text().getFirst(), folded.getFirst());
        assertTrue(splat.text().size() > 60, "it is long");
        int trace = folded.indexOf("Call Trace:");
        assertEquals(
                List.of(
                        "    … 4 calls elsewhere",
                        "  use_after_free+0x66 [bugs]    bugs.c:1102",
                        "    … 2 calls elsewhere",
                        "  bugs_init+0xa1 [bugs]    bugs.c:1161"),
                folded.subList(trace + 1, trace + 5));
        assertTrue(folded.size() < splat.text().size() / 2, folded::toString);
        assertTrue(folded.contains("The buggy address belongs to the physical page:"));
    }

    @Test
    void aCallIsKnownWhetherTheKernelIsSureOfItOrNot() throws Exception {
        Splat splat =
                splat(
                        List.of(
                                "WARNING: CPU: 0 PID: 40 at bugs.c:70 bugs_open+0x1/0x10 [bugs]",
                                "RIP: 0010:bugs_open+0x1/0x10 [bugs]",
                                "Call Trace:",
                                " <TASK>",
                                " ? kfree+0x12/0x40",
                                " bugs_open+0x1/0x10 [bugs 0123abcd]",
                                " misc_open+0x5/0x40",
                                " other_open+0x7/0x40 [other]",
                                " ? bugs_read+0x9/0x10 [bugs]",
                                " </TASK>"));
        assertEquals(
                List.of(
                        "WARNING: CPU: 0 PID: 40 at bugs.c:70 bugs_open+0x1/0x10 [bugs]",
                        "RIP: 0010:bugs_open+0x1/0x10 [bugs]",
                        "Call Trace:",
                        " <TASK>",
                        "    … 1 call elsewhere",
                        "  bugs_open+0x1 [bugs]    bugs.c:1001",
                        "    … 2 calls elsewhere",
                        "  bugs_read+0x9 [bugs]    bugs.c:1009",
                        " </TASK>"),
                folded(splat));
    }

    @Test
    void whatHasNoLineIsACallAllTheSameAndIsAskedForOnce() throws Exception {
        Splat splat =
                splat(
                        List.of(
                                "BUG: sleeping function called from invalid context at lock.c:1",
                                "Call Trace:",
                                " bugs_read+0x1/0x10 [bugs]",
                                " vfs_read+0x12/0x40",
                                " bugs_read+0x1/0x10 [bugs]"));
        List<StackFrame> asked = new ArrayList<>();
        List<String> folded =
                FoldedReport.of(
                        splat,
                        "bugs",
                        frame -> {
                            asked.add(frame);
                            return Optional.empty();
                        });
        assertEquals("  bugs_read+0x1 [bugs]", folded.get(2));
        assertEquals(1, asked.size(), asked::toString);
    }
}
