/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.ProgressMonitorWrapper;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;

/**
 * A target that comes up while its caller builds what will run there: opened by a thread of its
 * own, which this object starts, ends and joins. Whichever fails first ends the other at once: a
 * target that does not come up cancels what {@link #watched} its monitor, and leaving the {@code
 * try} that holds this object ends the opening.
 *
 * <pre>{@code
 * try (WarmStart start = WarmStart.of(target, spec)) {
 *     Path module = start.meanwhile(() -> build(start.watched(monitor)));
 *     try (TargetSession session = start.session(monitor)) { … }
 * }
 * }</pre>
 *
 * Used by one thread.
 */
public final class WarmStart implements AutoCloseable {

    private static final Duration ASK = Duration.ofMillis(50);

    private final CompletableFuture<TargetSession> opened = new CompletableFuture<>();
    private final Progress progress = new Progress();
    private final long begin = System.nanoTime();
    private final Thread thread;
    private volatile long end;
    private boolean handedOver;

    private WarmStart(Opening opening) {
        thread =
                Thread.ofPlatform().name("kmodscope-start").daemon().unstarted(() -> open(opening));
    }

    /** Begins to open the target. */
    public static WarmStart of(Target target, TargetSpec spec) {
        return of(monitor -> target.open(spec, monitor));
    }

    /** Begins to open what is opened so. */
    public static WarmStart of(Opening opening) {
        WarmStart start = new WarmStart(opening);
        start.thread.start();
        return start;
    }

    private void open(Opening opening) {
        try {
            TargetSession session = opening.open(progress);
            end = System.nanoTime();
            if (!opened.complete(session)) {
                // Nobody waits for it any more, and an interrupt was meant for the opening.
                Thread.interrupted();
                session.close();
            }
        } catch (InterruptedException cancelled) {
            opened.completeExceptionally(new OperationCanceledException());
        } catch (KmodscopeException | RuntimeException | Error failure) {
            opened.completeExceptionally(failure);
        }
    }

    /** The monitor, which is cancelled, too, once the target has failed to come up. */
    public IProgressMonitor watched(IProgressMonitor monitor) {
        return new ProgressMonitorWrapper(monitor) {
            @Override
            public boolean isCanceled() {
                return super.isCanceled() || opened.isCompletedExceptionally();
            }
        };
    }

    /**
     * Does something while the target comes up.
     *
     * @throws KmodscopeException what the work failed with, or, when that was cancelled because the
     *     target did not come up, what this failed with
     */
    public <T, X extends Exception> T meanwhile(Work<T, X> work)
            throws KmodscopeException, InterruptedException, X {
        try {
            return work.run();
        } catch (OperationCanceledException cancelled) {
            if (opened.isCompletedExceptionally()) {
                return fail();
            }
            throw cancelled;
        }
    }

    /**
     * Waits until it is up. The session is the caller's to close from then on.
     *
     * @throws OperationCanceledException when the monitor was cancelled
     */
    public TargetSession session(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        progress.showOn(monitor);
        while (!opened.isDone()) {
            if (monitor.isCanceled()) {
                throw new OperationCanceledException();
            }
            waitFor(ASK);
        }
        if (opened.isCompletedExceptionally()) {
            return fail();
        }
        handedOver = true;
        return opened.join();
    }

    /** How long it took to come up; empty while it does. */
    public Optional<Duration> took() {
        long until = end;
        return until == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(until - begin));
    }

    /** Ends the opening, and the session unless it was handed over. */
    @Override
    public void close() {
        progress.setCanceled(true);
        if (opened.completeExceptionally(new OperationCanceledException())) {
            thread.interrupt();
        } else if (!handedOver && !opened.isCompletedExceptionally()) {
            opened.join().close();
        }
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void waitFor(Duration time) throws InterruptedException {
        try {
            opened.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException seenLater) {
            return;
        }
    }

    private <T> T fail() throws KmodscopeException {
        Throwable failure = opened.exceptionNow();
        switch (failure) {
            case KmodscopeException known -> throw known;
            case RuntimeException defect -> throw defect;
            case Error defect -> throw defect;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** Opens a target, as {@link Target#open} does. */
    @FunctionalInterface
    public interface Opening {

        /** Does it, on a thread of its own. */
        TargetSession open(IProgressMonitor monitor)
                throws KmodscopeException, InterruptedException;
    }

    /**
     * What is done meanwhile.
     *
     * @param <X> what it may fail with beside the usual
     */
    @FunctionalInterface
    public interface Work<T, X extends Exception> {

        /** Does it. */
        T run() throws KmodscopeException, InterruptedException, X;
    }

    /**
     * How far the opening is, kept until somebody looks: monitors are made for one thread at a
     * time, and its owner's has other things to show until it waits here.
     */
    private static final class Progress extends NullProgressMonitor {

        private String last = "";
        private @Nullable IProgressMonitor shownOn;

        synchronized void showOn(IProgressMonitor monitor) {
            shownOn = monitor;
            monitor.subTask(last);
        }

        @Override
        public synchronized void subTask(@Nullable String name) {
            last = name == null ? "" : name;
            IProgressMonitor monitor = shownOn;
            if (monitor != null) {
                monitor.subTask(last);
            }
        }
    }
}
