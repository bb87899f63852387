/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;

/** Waiting for a result while somebody may cancel: monitors can only be asked, not waited for. */
public final class Monitored {

    private static final Duration ASK = Duration.ofMillis(50);

    private Monitored() {}

    /**
     * Waits for the result.
     *
     * @throws OperationCanceledException when the monitor was cancelled first
     * @throws KmodscopeException what the result failed with
     */
    public static <T> T await(CompletableFuture<T> result, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        while (!settled(result, ASK, monitor)) {
            continue;
        }
        return await(result);
    }

    /**
     * Waits for the result as long as it takes; nobody can cancel.
     *
     * @throws KmodscopeException what the result failed with
     */
    public static <T> T await(CompletableFuture<T> result)
            throws KmodscopeException, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /**
     * Waits at most so long; whether the result is there, be it a failure.
     *
     * @throws OperationCanceledException when the monitor was cancelled first
     */
    public static boolean settled(
            CompletableFuture<?> result, Duration limit, IProgressMonitor monitor)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        do {
            if (monitor.isCanceled()) {
                throw new OperationCanceledException();
            }
            if (settled(result, ASK)) {
                return true;
            }
        } while (System.nanoTime() - deadline < 0);
        return false;
    }

    /** Waits at most so long; whether the result is there, be it a failure. */
    public static boolean settled(CompletableFuture<?> result, Duration limit)
            throws InterruptedException {
        try {
            result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | CancellationException e) {
            return true;
        }
    }

    private static KmodscopeException failure(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof KmodscopeException failure) {
            // A new one: several threads may get the same failure, each with its own trace.
            return new KmodscopeException(
                    failure.kind(),
                    String.valueOf(failure.getMessage()),
                    failure.remedy(),
                    failure);
        }
        throw new IllegalStateException(cause);
    }
}
