/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.scope;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.record.RecordedTarget;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeSupply;
import org.kmodscope.ide.target.TargetOption;

/** Hands out {@link ReplaySession}s; builds nothing, or fails to in the way it is told. */
public final class ReplaySupply implements ScopeSupply {

    private volatile ReplaySession session;
    private volatile Optional<List<Diagnostic>> broken = Optional.empty();
    private volatile Optional<CountDownLatch> stuck = Optional.empty();
    private volatile int opened;
    private final List<TargetSpec> allowed = new CopyOnWriteArrayList<>();
    private volatile boolean refuses;
    private volatile Runnable opening = () -> {};

    public ReplaySupply() throws IOException {
        session = new ReplaySession();
    }

    /** The session that the next or last opening handed out. */
    public ReplaySession session() {
        return session;
    }

    /** How many targets were opened. */
    public int opened() {
        return opened;
    }

    /** Lets the next opening hand out a new session. */
    public void renew() throws IOException {
        session = new ReplaySession();
    }

    /** Lets builds fail with these messages; empty lets them succeed again. */
    public void breakBuild(Optional<List<Diagnostic>> diagnostics) {
        broken = diagnostics;
    }

    /** Lets a build wait until it is cancelled; the latch tells that it waits. */
    public CountDownLatch stickBuild() {
        CountDownLatch latch = new CountDownLatch(1);
        stuck = Optional.of(latch);
        return latch;
    }

    @Override
    public void prepare(TargetSpec target, IProgressMonitor monitor) {}

    @Override
    public BuildResult build(DriverProject driver, TargetSpec target, IProgressMonitor monitor)
            throws InterruptedException {
        if (stuck.isPresent()) {
            stuck.get().countDown();
            stuck = Optional.empty();
            // As a build does: nothing but the monitor, and an interrupt, ends it.
            CountDownLatch never = new CountDownLatch(1);
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (!monitor.isCanceled() && System.nanoTime() - deadline < 0) {
                never.await(10, TimeUnit.MILLISECONDS);
            }
            if (!monitor.isCanceled()) {
                throw new IllegalStateException("not cancelled");
            }
            throw new OperationCanceledException();
        }
        return broken.map(found -> new BuildResult(Optional.empty(), found, false))
                .orElseGet(
                        () ->
                                new BuildResult(
                                        Optional.of(Path.of("globalfifo.ko")), List.of(), false));
    }

    @Override
    public void allow(DriverProject driver, TargetSpec target, Path module) {
        allowed.add(target);
        if (refuses) {
            throw new OperationCanceledException();
        }
    }

    /** For which targets the user was asked. */
    public List<TargetSpec> allowed() {
        return List.copyOf(allowed);
    }

    /** Has the user say no from now on. */
    public void refuse() {
        refuses = true;
    }

    /** Runs this in the middle of each opening. */
    public void whileOpening(Runnable action) {
        opening = action;
    }

    @Override
    public Target places() {
        return new Target() {
            @Override
            public boolean accepts(TargetSpec spec) {
                return true;
            }

            @Override
            public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
                    throws KmodscopeException {
                opened++;
                opening.run();
                if (spec instanceof TargetSpec.Recorded) {
                    return new RecordedTarget().open(spec, monitor);
                }
                if (!(spec instanceof TargetSpec.Qemu)) {
                    throw new KmodscopeException(Kind.USAGE, "Not replayed: " + spec, "");
                }
                return session;
            }
        };
    }

    @Override
    public List<TargetOption> targets() {
        return List.of(
                new TargetOption(new TargetSpec.Qemu("debian-6.1"), "QEMU · debian-6.1"),
                new TargetOption(new TargetSpec.Qemu("debian-6.12"), "QEMU · debian-6.12"));
    }
}
