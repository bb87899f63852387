/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSession.Subscription;

/**
 * Drivers that take the kernel down, or a processor of it, at other times than when they are
 * loaded; each ends its lab. What users see then is in docs/bad-days.md.
 */
@Timeout(300)
@SuppressWarnings("try") // a subscription is there to be closed
class BadDaysTest {

    private static final String MODULE =
            """
            // SPDX-License-Identifier: GPL-2.0
            #include <linux/delay.h>
            #include <linux/module.h>
            #include <linux/spinlock.h>
            #include <linux/workqueue.h>

            static noinline void bad_moment(void)
            {
            	@BUG@
            }

            static void bad_work(struct work_struct *work)
            {
            	bad_moment();
            }
            static DECLARE_DELAYED_WORK(bad_later, bad_work);

            static int __init bad_init(void)
            {
            	@INIT@
            	return 0;
            }
            module_init(bad_init);

            static void __exit bad_exit(void)
            {
            	@EXIT@
            }
            module_exit(bad_exit);

            MODULE_DESCRIPTION("Has a bad moment");
            MODULE_LICENSE("GPL");
            """;

    private static final String CANCEL = "cancel_delayed_work_sync(&bad_later);";

    @TempDir Path work;

    private Path module(Workshop workshop, String bug, String init, String exit) throws Exception {
        return workshop.module(
                work.resolve("bad"),
                "bad",
                MODULE.replace("@BUG@", bug).replace("@INIT@", init).replace("@EXIT@", exit));
    }

    private static TargetEnd.Panicked panic(TargetSession session) throws Exception {
        return assertInstanceOf(
                TargetEnd.Panicked.class,
                session.ended().toCompletableFuture().get(60, TimeUnit.SECONDS));
    }

    @Test
    void aPanicInAWorkItemIsToldThoughNobodyAskedForAnything() throws Exception {
        Workshop workshop = new Workshop();
        Path bad =
                module(
                        workshop,
                        "panic(\"the work item had enough\");",
                        "schedule_delayed_work(&bad_later, HZ);",
                        CANCEL);
        try (TargetSession session = workshop.open()) {
            session.load(bad, List.of());
            TargetEnd.Panicked end = panic(session);
            assertEquals("the work item had enough", end.reason());
            assertTrue(end.log().contains("bad_moment"), end.log());
            KmodscopeException failure =
                    assertThrows(KmodscopeException.class, () -> session.unload("bad"));
            assertEquals(KmodscopeException.Kind.LAB, failure.kind());
            assertTrue(failure.getMessage().contains("had enough"), failure::toString);
        }
    }

    @Test
    void aPanicAtRmmodIsTheAnswerToIt() throws Exception {
        Workshop workshop = new Workshop();
        Path bad =
                module(
                        workshop,
                        "*(volatile int *)8 = 1;",
                        "if (!THIS_MODULE)\n\t\tschedule_delayed_work(&bad_later, 0);",
                        CANCEL + "\n\tbad_moment();");
        try (TargetSession session = workshop.open()) {
            session.load(bad, List.of());
            KmodscopeException failure =
                    assertThrows(KmodscopeException.class, () -> session.unload("bad"));
            assertEquals(KmodscopeException.Kind.LAB, failure.kind());
            TargetEnd.Panicked end = panic(session);
            assertTrue(end.log().contains("NULL pointer dereference"), end.log());
            assertTrue(end.log().contains("bad_moment"), end.log());
        }
    }

    @Test
    void aSoftLockupIsToldAndTheLabStillObeys() throws Exception {
        Workshop workshop = new Workshop();
        Path bad =
                module(
                        workshop,
                        "preempt_disable();\n\tfor (;;)\n\t\tcpu_relax();",
                        "bad_moment();",
                        CANCEL);
        CompletableFuture<String> told = new CompletableFuture<>();
        FutureTask<KmodscopeException> load;
        try (TargetSession session = workshop.open();
                Subscription log =
                        session.onKernelLog(
                                line -> {
                                    if (line.text().contains("soft lockup")) {
                                        told.complete(line.text());
                                    }
                                })) {
            // The kernel complains after twice this many seconds, by itself after twice ten.
            String threshold = "echo 1 > /proc/sys/kernel/watchdog_thresh";
            assertEquals(0, Printed.by(session, "sh", "-c", threshold).status());
            load =
                    new FutureTask<>(
                            () ->
                                    assertThrows(
                                            KmodscopeException.class,
                                            () -> session.load(bad, List.of())));
            Thread.ofPlatform().daemon().start(load);
            String words = told.get(120, TimeUnit.SECONDS);
            assertTrue(words.contains("BUG: soft lockup"), words);
            assertEquals(0, Printed.by(session, "true").status());
        }
        assertEquals(KmodscopeException.Kind.LAB, load.get(10, TimeUnit.SECONDS).kind());
    }
}
