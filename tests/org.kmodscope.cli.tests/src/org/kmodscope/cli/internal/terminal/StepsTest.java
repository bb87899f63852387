/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.SubMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

class StepsTest {

    private static Steps steps(Screen screen) {
        return new Steps(screen.terminal(), new Interruption(Thread.currentThread(), () -> {}));
    }

    @Test
    void aLogShowsWhatBeginsAndHowItEnded() throws Exception {
        Screen screen = Screen.pipes();
        Steps steps = steps(screen);
        String made =
                steps.run(
                        "Build",
                        monitor -> {
                            monitor.note("3 files");
                            return "module";
                        });
        assertEquals("module", made);
        steps.run(
                "Fetch",
                monitor -> {
                    monitor.cachedResult();
                    return 1;
                });
        assertTrue(
                screen.err()
                        .matches(
                                "==> Build\n {4}done in \\d+\\.\\d s \\(3 files\\)\n"
                                        + "==> Fetch\n {4}cached, \\d+\\.\\d s\n"),
                screen.err());
        assertEquals("", screen.out());
        assertEquals(2, steps.taken().size());
        assertTrue(steps.taken().get(1).cached());
    }

    @Test
    void aFailedStepSaysSoAndTheFailureGoesOn() {
        Screen screen = Screen.pipes();
        KmodscopeException failure = new KmodscopeException(Kind.FAILED, "no", "");
        KmodscopeException caught =
                assertThrows(
                        KmodscopeException.class,
                        () ->
                                steps(screen)
                                        .run(
                                                "Build",
                                                monitor -> {
                                                    throw failure;
                                                }));
        assertEquals(failure, caught);
        assertTrue(screen.err().contains("failed after"), screen.err());
    }

    @Test
    @Timeout(20)
    void aTerminalShowsPartAndSubTaskInOneLine() throws Exception {
        Screen screen = new Screen(Face.PIPE, Screen.TTY.plain());
        CountDownLatch seen = new CountDownLatch(1);
        steps(screen)
                .run(
                        "Fetch",
                        monitor -> {
                            SubMonitor sub = SubMonitor.convert(monitor, 100);
                            sub.subTask("headers");
                            sub.worked(42);
                            while (!screen.err().contains("42 %  headers")) {
                                assertFalse(seen.await(10, TimeUnit.MILLISECONDS));
                            }
                            return 0;
                        });
        String[] drawn = screen.err().split("\r\u001b\\[K");
        String last = drawn[drawn.length - 1];
        assertTrue(last.startsWith("✓ Fetch  "), last);
        assertTrue(last.endsWith(" s\n"), last);
        assertTrue(last.length() <= 60, last);
    }

    @Test
    void quietShowsNothing() throws Exception {
        Screen screen = new Screen(Screen.TTY, Screen.TTY);
        screen.terminal().configure(Terminal.Verbosity.QUIET, true);
        steps(screen).run("Build", monitor -> 1);
        assertEquals("", screen.err());
    }

    @Test
    void ctrlCCancelsTheMonitor() throws Exception {
        Screen screen = Screen.pipes();
        Interruption interruption = new Interruption(Thread.currentThread(), () -> {});
        boolean cancelled =
                new Steps(screen.terminal(), interruption)
                        .run(
                                "Wait",
                                monitor -> {
                                    assertFalse(monitor.isCanceled());
                                    interruption.deliver();
                                    return SubMonitor.convert(monitor, 1).isCanceled();
                                });
        assertTrue(cancelled);
        assertTrue(Thread.interrupted());
    }
}
