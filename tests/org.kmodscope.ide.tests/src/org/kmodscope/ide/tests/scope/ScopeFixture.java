/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.scope;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.jobs.Job;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeListener;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.tests.NothingLogged;

/** A controller of a session that is replayed, with a driver to choose. */
@ExtendWith(NothingLogged.class)
abstract class ScopeFixture {

    static final Duration LIMIT = Duration.ofSeconds(20);

    final ReplaySupply supply;
    final ScopeController controller;
    final DriverProject driver;
    private final Object news = new Object();

    ScopeFixture() throws Exception {
        supply = new ReplaySupply();
        controller = new ScopeController(supply);
        driver = project("globalfifo");
    }

    private static DriverProject project(String name) throws Exception {
        IProject old = ResourcesPlugin.getWorkspace().getRoot().getProject(name);
        if (old.exists()) {
            old.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
        }
        return DriverProject.create(
                name,
                Optional.empty(),
                DriverTools.installed()
                        .templates()
                        .render(DriverSpec.named(name).probes(List.of("sigio")).build()),
                new NullProgressMonitor());
    }

    @BeforeEach
    void listen() {
        controller.listen(
                new ScopeListener() {
                    @Override
                    public void changed() {
                        tell();
                    }

                    @Override
                    public void published(EventSnapshot snapshot) {
                        tell();
                    }

                    @Override
                    public void logged() {
                        tell();
                    }
                });
    }

    @AfterEach
    void close() throws Exception {
        controller.close();
        driver.project().delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
    }

    private void tell() {
        synchronized (news) {
            news.notifyAll();
        }
    }

    final void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        synchronized (news) {
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertTrue(left > 0, "not in time: " + what + "; " + controller.state());
                news.wait(Math.min(left, 100));
            }
        }
    }

    final void done(Job job) throws InterruptedException {
        assertTrue(job.join(LIMIT.toMillis(), new NullProgressMonitor()), job + " hangs");
    }

    final void choose() {
        controller.choose(controller.choice().withDriver(Optional.of(driver)));
    }

    final void record() throws InterruptedException {
        choose();
        done(controller.buildAndLoad());
        done(controller.start());
        assertInstanceOf(ScopeState.Recording.class, controller.state(), this::failure);
    }

    final String failure() {
        return controller.failure().map(IStatus::getMessage).orElse("no failure");
    }
}
