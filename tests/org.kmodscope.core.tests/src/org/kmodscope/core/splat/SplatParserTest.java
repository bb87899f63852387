/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are of a kernel 6.12 with KASAN and lockdep, and of a module with seeded bugs. */
class SplatParserTest {

    private static List<String> text(String name) throws Exception {
        try (InputStream in = SplatParserTest.class.getResourceAsStream("/splat/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    uaf.txt    | KASAN        | BUG: KASAN: slab-use-after-free in use_after_free+0x66/0x6c [bugs] | use_after_free
                    invert.txt | LOCKDEP      | WARNING: possible circular locking dependency detected             | invert
                    atomic.txt | ATOMIC_SLEEP | BUG: scheduling while atomic: kmodscope-agent/41/0x00000002        | sleep_atomic
                    warn.txt   | WARNING      | WARNING at /src/bugs.c:70 bugs_init+0x18f/0x1000 [bugs]            | bugs_init
                    warnx.txt  | WARNING      | queue 3 is full                                                    | bugs_init
                    """)
    void aReportHasItsKindItsTitleAndItsPlace(
            String file, Splat.Kind kind, String title, String function) throws Exception {
        Splat first = SplatParser.parse(text(file)).getFirst();
        assertEquals(kind, first.kind());
        assertEquals(title, first.title());
        assertEquals(Optional.of(function), first.site("bugs").map(StackFrame::function));
        assertFalse(FalseReports.contains(first));
    }

    @Test
    void aWarningOfDebugObjectsIsOne() throws Exception {
        List<Splat> splats = SplatParser.parse(text("timer.txt"));
        assertEquals(1, splats.size(), splats::toString);
        Splat timer = splats.getFirst();
        assertEquals(Splat.Kind.OBJECT, timer.kind());
        assertTrue(timer.title().startsWith("ODEBUG: free active"), timer.title());
        // The address of this run is no part of its name.
        assertFalse(timer.title().contains("1d01ba60"), timer.title());
    }

    @Test
    void whatTheKernelDoesNotReportIsNoReport() {
        assertEquals(
                List.of(),
                SplatParser.parse(
                        List.of(
                                "globalfifo: ready",
                                "random: crng init done",
                                "WARNING is a word",
                                "FAULT_INJECTION: forcing a failure.",
                                "name failslab, interval 1, probability 0, space 0, times 1",
                                "Call Trace:",
                                " should_fail+0x10/0x20")));
    }

    @Test
    void aConsoleHasTimesBeforeItsLines() {
        List<Splat> splats =
                SplatParser.parse(
                        List.of(
                                "[    3.141592] BUG: kernel NULL pointer dereference, address: 0",
                                "[    3.141600] Oops: 0002 [#1] PREEMPT SMP NOPTI",
                                "[    3.141601] RIP: 0010:oops_write+0x12/0x40 [oops]",
                                "[    3.141602] Call Trace:",
                                "[    3.141603]  <TASK>",
                                "[    3.141604]  vfs_write+0xc5/0x3e0",
                                "[    3.141700] Kernel panic - not syncing: Fatal exception"));
        assertEquals(1, splats.size());
        assertEquals(Splat.Kind.FATAL, splats.getFirst().kind());
        assertEquals(
                Optional.of("oops_write"),
                splats.getFirst().site("oops").map(StackFrame::function));
    }

    @Test
    void leaksOfOnePlaceAreOne() throws Exception {
        List<Splat> leaks = Kmemleak.parse(text("kmemleak.txt"));
        assertEquals(1, leaks.size());
        assertEquals("memory leak: 2 objects of 128 bytes", leaks.getFirst().title());
        assertEquals(Optional.of("leak"), leaks.getFirst().site("bugs").map(StackFrame::function));
        assertEquals(1, Kmemleak.parse(text("kmemleak-no-trace.txt")).size());
    }

    @Test
    void theKnownFalseReportIsOneOnlyWithoutTheDriver() {
        List<String> report =
                List.of(
                        "WARNING: suspicious RCU usage",
                        "Call Trace:",
                        " [<60011d90>] flush_tlb_mm+0x20/0x50",
                        " [<60011d90>] free_ioctx+0x20/0x50");
        assertTrue(FalseReports.contains(SplatParser.parse(report).getFirst()));
        List<String> drivers =
                List.of(
                        "WARNING: suspicious RCU usage",
                        "Call Trace:",
                        " [<60011d90>] flush_tlb_mm+0x20/0x50",
                        " [<60011d90>] myfifo_read+0x20/0x50 [myfifo]");
        assertFalse(FalseReports.contains(SplatParser.parse(drivers).getFirst()));
    }

    @Test
    void garbageDoesNoHarm() throws Exception {
        Random random = new Random(4);
        List<String> lines = text("uaf.txt");
        for (int i = 0; i < 200; i++) {
            SplatParser parser = new SplatParser();
            for (String line : lines) {
                int cut = random.nextInt(line.length() + 1);
                parser.line(random.nextBoolean() ? line.substring(cut) : line);
            }
            assertTrue(parser.finish().size() <= lines.size());
        }
    }
}
