/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetSession;

/** Drives a device on a thread of its own; closing it ends that thread. */
final class DriveRun implements AutoCloseable {

    private final IProgressMonitor monitor = new NullProgressMonitor();
    private final TargetSession session;
    private final Body body;
    private final Consumer<Optional<KmodscopeException>> ended;
    private final Thread thread;

    private volatile Optional<StimulusResult> result = Optional.empty();

    private DriveRun(
            TargetSession session, Body body, Consumer<Optional<KmodscopeException>> ended) {
        this.session = session;
        this.body = body;
        this.ended = ended;
        thread = Thread.ofPlatform().name("kmodscope-drive").daemon().unstarted(this::drive);
    }

    /**
     * Starts to drive.
     *
     * @param ended is told of the end, with the failure that caused it if there was one
     */
    static DriveRun start(
            TargetSession session, Body body, Consumer<Optional<KmodscopeException>> ended) {
        DriveRun run = new DriveRun(session, body, ended);
        run.thread.start();
        return run;
    }

    /** Stops driving and returns what was written. */
    Optional<StimulusResult> finish() throws InterruptedException {
        monitor.setCanceled(true);
        thread.join();
        return result;
    }

    /** Stops driving; an interruption while it waits for that stays pending. */
    @Override
    public void close() {
        monitor.setCanceled(true);
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    private void drive() {
        Optional<KmodscopeException> failure = Optional.empty();
        try {
            result = body.drive(session, monitor);
        } catch (KmodscopeException broken) {
            failure = Optional.of(broken);
        } catch (InterruptedException | OperationCanceledException stopped) {
            // Who stopped it has its own reason, and tells.
            Thread.currentThread().interrupt();
        }
        ended.accept(failure);
    }

    /** What is done to the device; ends early when the monitor is cancelled. */
    @FunctionalInterface
    interface Body {

        /** What it wrote; empty when it does not count that. */
        Optional<StimulusResult> drive(TargetSession session, IProgressMonitor monitor)
                throws KmodscopeException, InterruptedException;
    }
}
