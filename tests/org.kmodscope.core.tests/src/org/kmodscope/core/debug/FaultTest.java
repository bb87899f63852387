/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.build.Diagnostic;

/** The lines that the fault walk prints (agent/faults.c), and what becomes of them. */
class FaultTest {

    @Test
    void whatDidNotEndInACleanErrorIsReported() {
        List<Fault> faults =
                Stream.of(
                                "fault open slab 1 ok",
                                "fault insmod slab 2 errno 12",
                                "fault read copy 3 hang",
                                "fault write pages 4 killed 9",
                                "fault insmod slab 5 left 16")
                        .map(line -> Fault.parse(line).orElseThrow())
                        .toList();
        DebugReport report = new DebugReport(List.of(), List.of(), faults);
        assertEquals(faults.subList(2, 5), report.unclean());
        assertFalse(report.passed());
        assertEquals(
                List.of(
                        "read with its copy from or to user space 3 failing did not return",
                        "write with its allocation of pages 4 failing was killed by signal 9",
                        "insmod with its allocation 5 failing left something behind: the next"
                                + " insmod failed with error 16"),
                report.diagnostics().stream().map(Diagnostic::text).toList());
        assertTrue(new DebugReport(List.of(), List.of(), faults.subList(0, 2)).passed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "end open slab 3",
                "fault open slab 1",
                "fault open disk 1 ok",
                "fault open slab x ok",
                "fault open slab 1 melted",
                "fault open slab 1 ok 3 4",
                "fault open slab 9999999 ok",
                " fault open slab 1 ok"
            })
    void otherLinesAreNone(String line) {
        assertEquals(Optional.empty(), Fault.parse(line));
    }
}
