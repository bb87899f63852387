/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.results;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.probe.Measure;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeTest;
import org.kmodscope.core.probe.ProbeTest.Outcome;
import org.kmodscope.core.splat.ModuleSource;
import org.kmodscope.core.splat.Splat;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.results.RunRecord;

/** Runs as probes of the templates produce them. */
public final class Samples {

    private static final Instant AT = Instant.parse("2026-11-22T14:02:00Z");

    private Samples() {}

    /** A test without anything to say. */
    public static ProbeTest test(int number, String name, Outcome outcome) {
        return test(number, name, outcome, List.of());
    }

    /** A test that says something. */
    public static ProbeTest test(int number, String name, Outcome outcome, List<String> lines) {
        return new ProbeTest(number, name, outcome, "", lines, List.of(), List.of());
    }

    /** A probe that ran for a while. */
    public static ProbeRun.Result probe(String name, int millis, ProbeTest... tests) {
        return new ProbeRun.Result(
                new ProbeReport(
                        name, List.of(tests), tests.length, Optional.empty(), List.of(), List.of()),
                Duration.ofMillis(millis));
    }

    /** A run of all probes of a project on Debian's 6.1. */
    public static RunRecord run(String project, ProbeRun.Result... probes) {
        return new RunRecord(
                new ProbeLaunch(project, "debian-6.1", ProbeLaunch.ALL_PROBES, ""),
                AT,
                Duration.ofMillis(41_800),
                "QEMU · debian-6.1",
                List.of(probes),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** Everything as it should be. */
    public static RunRecord good() {
        return run(
                "ringfifo",
                sigio(),
                probe(
                        "libaio",
                        10_900,
                        test(1, "io_submit returns at once", Outcome.PASS),
                        test(2, "io_cancel of a pending read", Outcome.PASS),
                        test(3, "vectors: 3 segments, 2 ready", Outcome.PASS)),
                probe("lifetime", 9_700, test(1, "rmmod with reads in flight", Outcome.PASS)));
    }

    /** The same after somebody broke something, with one test of each outcome. */
    public static RunRecord bad() {
        return run(
                "ringfifo",
                sigio(),
                probe(
                        "libaio",
                        11_200,
                        test(1, "io_submit returns at once", Outcome.PASS),
                        test(
                                2,
                                "io_cancel of a pending read",
                                Outcome.FAIL,
                                List.of(
                                        "expected event.res -ECANCELED (-125)",
                                        "got 64",
                                        "hint: test the cancelled mark under the lock")),
                        test(3, "vectors: 3 segments, 2 ready", Outcome.FAIL)),
                probe("lifetime", 9_700, test(1, "rmmod with reads in flight", Outcome.TIMEOUT)),
                probe("uring", 2_500, test(1, "cancel through the libaio hook", Outcome.XFAIL)),
                probe("odirect-read", 100, test(1, "a second device", Outcome.SKIP)));
    }

    private static ProbeRun.Result sigio() {
        return probe(
                "sigio",
                4_100,
                test(1, "O_ASYNC is set and read back", Outcome.PASS),
                test(2, "echo hello gives one POLL_IN", Outcome.PASS),
                new ProbeTest(
                        3,
                        "latency from write to handler",
                        Outcome.PASS,
                        "",
                        List.of(),
                        List.of(
                                new Measure("sigio.p50", 249.33, "us"),
                                new Measure("sigio.p99", 1204, "us"),
                                new Measure("sigio.max", 3110, "us"),
                                new Measure("signals", 1000, "count")),
                        List.of()),
                test(4, "release() removes the file", Outcome.PASS));
    }

    /** A run in the debug lab in which the kernel complained. */
    public static RunRecord complained() {
        List<String> text =
                List.of(
                        "BUG: KASAN: slab-use-after-free in ringfifo_carry_out+0x4c/0x190"
                                + " [ringfifo]",
                        "Read of size 8 at addr 0000000062a1b3c0 by task kworker/u2:1/21",
                        "Call Trace:",
                        " ringfifo_carry_out+0x4c/0x190 [ringfifo]",
                        " process_one_work+0x2f1/0x5a0");
        Splat splat =
                new Splat(
                        Splat.Kind.KASAN,
                        "KASAN: slab-use-after-free in ringfifo_carry_out",
                        List.of(),
                        List.of(),
                        text);
        return new RunRecord(
                new ProbeLaunch("ringfifo", "uml-debug", ProbeLaunch.ALL_PROBES, ""),
                AT,
                Duration.ofMillis(3_200),
                "UML · uml-debug",
                List.of(sigio()),
                List.of(
                        new Finding(
                                splat,
                                Optional.of(new ModuleSource.Place("ringfifo_aio.c", 96)),
                                "the probe libaio",
                                List.of(
                                        text.get(0),
                                        text.get(1),
                                        text.get(2),
                                        "  ringfifo_carry_out+0x4c [ringfifo]    ringfifo_aio.c:96",
                                        "    … 1 call elsewhere"))),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
