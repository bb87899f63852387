/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/** Who ends whom while a target comes up and something is built. */
@Timeout(60)
@SuppressWarnings("try") // closing waits, and is what is tested
class WarmStartTest {

    private final AtomicInteger closed = new AtomicInteger();
    private final CountDownLatch opening = new CountDownLatch(1);
    private final Semaphore go = new Semaphore(0);
    private final TargetSession session = session();

    @AfterEach
    void noThreadIsLeft() {
        assertTrue(
                Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(one -> one.getName().startsWith("kmodscope-start")));
    }

    @Test
    void bothAreUnderWayAtTheSameTime() throws Exception {
        NullProgressMonitor monitor = new NullProgressMonitor();
        try (WarmStart start = WarmStart.of(new Slow(), new TargetSpec.Local())) {
            String built =
                    start.meanwhile(
                            () -> {
                                opening.await();
                                assertTrue(start.took().isEmpty());
                                go.release();
                                return "built";
                            });
            assertEquals("built", built);
            assertSame(session, start.session(monitor));
            assertTrue(start.took().isPresent());
        }
        assertEquals(0, closed.get(), "it is the caller's");
    }

    @Test
    void aBuildThatFailsEndsTheOpeningAtOnce() throws Exception {
        KmodscopeException failure = new KmodscopeException(Kind.FAILED, "It is broken.", "Mend.");
        KmodscopeException seen =
                assertThrows(
                        KmodscopeException.class,
                        () -> {
                            try (WarmStart start =
                                    WarmStart.of(new Slow(), new TargetSpec.Local())) {
                                opening.await();
                                start.meanwhile(
                                        () -> {
                                            throw failure;
                                        });
                            }
                        });
        assertSame(failure, seen);
        assertEquals(0, closed.get(), "it was never up");
    }

    @Test
    void aBuildThatFailsWhenAllIsUpEndsTheSession() throws Exception {
        go.release();
        assertThrows(
                KmodscopeException.class,
                () -> {
                    try (WarmStart start = WarmStart.of(new Slow(), new TargetSpec.Local())) {
                        start.meanwhile(
                                () -> {
                                    until(() -> start.took().isPresent());
                                    throw new KmodscopeException(Kind.FAILED, "Broken.", "Mend.");
                                });
                    }
                });
        assertEquals(1, closed.get());
    }

    @Test
    void aTargetThatDoesNotComeUpCancelsTheBuild() throws Exception {
        KmodscopeException failure = new KmodscopeException(Kind.LAB, "It panicked.", "Look.");
        Target broken =
                new Slow() {
                    @Override
                    TargetSession result() throws KmodscopeException {
                        throw failure;
                    }
                };
        IProgressMonitor monitor = new NullProgressMonitor();
        KmodscopeException seen =
                assertThrows(
                        KmodscopeException.class,
                        () -> {
                            try (WarmStart start = WarmStart.of(broken, new TargetSpec.Local())) {
                                start.meanwhile(
                                        () -> {
                                            go.release();
                                            return cancelled(start.watched(monitor));
                                        });
                            }
                        });
        assertSame(failure, seen);
        assertFalse(monitor.isCanceled(), "it is the caller's");
    }

    @Test
    void aTargetThatDoesNotComeUpIsToldWhenItIsWaitedFor() throws Exception {
        Target broken =
                new Slow() {
                    @Override
                    TargetSession result() throws KmodscopeException {
                        throw new KmodscopeException(Kind.MISSING, "There is no QEMU.", "Install.");
                    }
                };
        go.release();
        try (WarmStart start = WarmStart.of(broken, new TargetSpec.Local())) {
            assertEquals("built", start.meanwhile(() -> "built"));
            assertEquals(
                    Kind.MISSING,
                    assertThrows(
                                    KmodscopeException.class,
                                    () -> start.session(new NullProgressMonitor()))
                            .kind());
        }
    }

    @Test
    void whoCancelsTheBuildEndsBoth() throws Exception {
        NullProgressMonitor monitor = new NullProgressMonitor();
        assertThrows(
                OperationCanceledException.class,
                () -> {
                    try (WarmStart start = WarmStart.of(new Slow(), new TargetSpec.Local())) {
                        opening.await();
                        start.meanwhile(
                                () -> {
                                    monitor.setCanceled(true);
                                    return cancelled(start.watched(monitor));
                                });
                    }
                });
        assertEquals(0, closed.get());
    }

    @Test
    void whoCancelsTheWaitEndsTheOpening() throws Exception {
        NullProgressMonitor monitor = new NullProgressMonitor();
        try (WarmStart start = WarmStart.of(new Slow(), new TargetSpec.Local())) {
            opening.await();
            monitor.setCanceled(true);
            assertThrows(OperationCanceledException.class, () -> start.session(monitor));
        }
        assertEquals(0, closed.get());
    }

    @Test
    void aSessionThatComesTooLateIsClosed() throws Exception {
        Target deaf =
                new Slow() {
                    @Override
                    TargetSession result() {
                        return session;
                    }

                    @Override
                    void await(IProgressMonitor monitor) throws InterruptedException {
                        // As one that has just come up when nobody wants it any more.
                        try {
                            until(monitor::isCanceled);
                        } catch (InterruptedException ignored) {
                            until(monitor::isCanceled);
                        }
                    }
                };
        try (WarmStart start = WarmStart.of(deaf, new TargetSpec.Local())) {
            opening.await();
        }
        assertEquals(1, closed.get());
    }

    /** A build that looks at its monitor, as all of them do. */
    private static String cancelled(IProgressMonitor monitor) throws InterruptedException {
        until(monitor::isCanceled);
        throw new OperationCanceledException();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        Semaphore never = new Semaphore(0);
        while (!condition.getAsBoolean()) {
            never.tryAcquire(10, TimeUnit.MILLISECONDS);
        }
    }

    private TargetSession session() {
        return (TargetSession)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {TargetSession.class},
                        (self, method, arguments) -> {
                            if (method.getName().equals("close")) {
                                closed.incrementAndGet();
                            }
                            return null;
                        });
    }

    /** Comes up when it is told to, or ends when it is cancelled. */
    private class Slow implements Target {

        @Override
        public boolean accepts(TargetSpec spec) {
            return true;
        }

        TargetSession result() throws KmodscopeException {
            return session;
        }

        void await(IProgressMonitor monitor) throws InterruptedException {
            go.acquire();
        }

        @Override
        public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
                throws KmodscopeException, InterruptedException {
            opening.countDown();
            await(monitor);
            return result();
        }
    }
}
