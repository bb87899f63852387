/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.KvmTrials;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetInfo.Acceleration;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/**
 * A machine that has something in KVM's place. Where that works, the lab uses it; where it does not
 * (no virtualisation, or a nested one that is broken), the lab comes up without, and says so.
 */
@Timeout(300)
class KvmTrialTest {

    @TempDir Path work;

    @Test
    void theFirstLabIsATrialAndItsResultIsRemembered() throws Exception {
        KernelStore kernels =
                new DebianKernelStore(CacheDirectory.of(System.getenv()), System.getenv());
        Kernel kernel = kernels.require(KernelStore.DEFAULT_ID, new NullProgressMonitor());
        CacheDirectory cache = CacheDirectory.at(work.resolve("cache"));
        Path device = Files.createFile(work.resolve("kvm"));
        QemuTarget target = new QemuTarget(cache, kernels, Optional.empty(), device);
        KvmTrials trials = new KvmTrials(cache);
        assertEquals(Optional.empty(), trials.answer(kernel));
        TargetInfo first = boot(target);
        boolean works = first.acceleration() == Acceleration.KVM;
        assertEquals(Optional.of(works), trials.answer(kernel));
        assertEquals(works, first.note().isEmpty(), first::toString);
        trials.remember(kernel, false);
        TargetInfo second = boot(target);
        assertEquals(Acceleration.TCG, second.acceleration());
        String note = second.note().orElseThrow();
        assertTrue(note.contains("KVM did not start debian-6.1"), note);
        assertTrue(note.contains("--retry-kvm"), note);
    }

    private static TargetInfo boot(QemuTarget target) throws Exception {
        TargetSpec spec = new TargetSpec.Qemu(KernelStore.DEFAULT_ID);
        try (TargetSession session = target.open(spec, new NullProgressMonitor())) {
            return session.info();
        }
    }
}
