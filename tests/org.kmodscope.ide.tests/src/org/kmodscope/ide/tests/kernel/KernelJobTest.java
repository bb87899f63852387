/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.ide.kernel.KernelJob;

/** A fetch in the background: how far it is, how it fails, how it stops. */
class KernelJobTest {

    private static final long LIMIT_MILLIS = 20_000;

    /** A store whose fetch is half done until somebody interrupts it, or fails. */
    private static final class HalfStore implements KernelStore {

        final CountDownLatch half = new CountDownLatch(1);
        private final boolean fails;

        HalfStore(boolean fails) {
            this.fails = fails;
        }

        @Override
        public List<KernelEntry> list() {
            return List.of();
        }

        @Override
        public Optional<Kernel> find(String id) {
            return Optional.empty();
        }

        @Override
        public Kernel require(String id, IProgressMonitor monitor)
                throws KmodscopeException, InterruptedException {
            SubMonitor steps = SubMonitor.convert(monitor, 100);
            steps.subTask("Fetch image");
            steps.worked(50);
            if (fails) {
                throw new KmodscopeException(Kind.MISSING, "No mirror.", "Connect.");
            }
            half.countDown();
            new CountDownLatch(1).await();
            throw new AssertionError("nobody opens this latch");
        }

        @Override
        public void add(Path directory) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void remove(String id) {
            throw new AssertionError("not asked for");
        }
    }

    private static IStatus resultOf(KernelJob job) throws InterruptedException {
        assertTrue(job.join(LIMIT_MILLIS, new NullProgressMonitor()), "it still runs");
        return job.getResult();
    }

    @Test
    void tellsHowFarItIsAndStopsAtOnce() throws Exception {
        HalfStore store = new HalfStore(false);
        KernelJob job = KernelJob.fetch(store, "debian-6.1");
        job.schedule();
        assertTrue(store.half.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
        assertEquals(Optional.of(job), KernelJob.running("debian-6.1"));
        assertEquals(0.5, job.progress().fraction(), 0.01);
        assertEquals("Fetch image", job.progress().step());

        job.cancel();
        assertEquals(IStatus.CANCEL, resultOf(job).getSeverity());
        assertEquals(Optional.empty(), KernelJob.running("debian-6.1"));
    }

    @Test
    void aFailureIsItsResultWithTheRemedy() throws Exception {
        KernelJob job = KernelJob.fetch(new HalfStore(true), "debian-6.1");
        job.schedule();
        IStatus result = resultOf(job);
        assertEquals(IStatus.ERROR, result.getSeverity());
        assertEquals("No mirror.", result.getMessage());
        assertEquals("Connect.", result.getChildren()[0].getMessage());
    }
}
