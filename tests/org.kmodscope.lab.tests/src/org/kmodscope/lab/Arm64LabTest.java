/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.ProbeProgram;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSession.Armed;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;

/** A driver for another kind of processor: all that runs there is made here. */
@Tag("arm64")
@Timeout(900)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class Arm64LabTest {

    private static final String KERNEL = "debian-6.1-arm64";
    private static final String NAME = "armfifo";
    private static final String DEVICE = "/dev/armfifo";

    @TempDir static Path work;
    private static CacheDirectory cache;
    private static Kernel kernel;
    private static Path project;
    private static Path module;
    private static TargetSession session;

    @BeforeAll
    static void boot() throws Exception {
        cache = CacheDirectory.of(System.getenv());
        KernelStore kernels = new DebianKernelStore(cache, System.getenv());
        kernel = kernels.require(KERNEL, Workshop.MONITOR);
        project = work.resolve(NAME);
        TemplateSource templates = TemplateSource.classLoader(Arm64LabTest.class.getClassLoader());
        new TemplateRenderer(templates).render(DriverSpec.named(NAME).build()).writeTo(project);
        BuildResult built =
                new ModuleBuild(cache)
                        .build(BuildRequest.of(project, kernel), line -> {}, Workshop.MONITOR);
        module = built.module().orElseThrow(() -> new AssertionError(built.diagnostics()));
        session =
                new QemuTarget(cache, kernels, Optional.empty())
                        .open(new TargetSpec.Qemu(KERNEL), Workshop.MONITOR);
    }

    @AfterAll
    static void end() {
        session.close();
    }

    @Test
    void theLabIsOfThatKind() throws Exception {
        assertEquals("aarch64", session.info().machine());
        assertEquals(kernel.release(), session.info().kernelRelease());
        assertTrue(session.info().note().isPresent(), "that it is emulated is said");
        assertEquals("arm64", kernel.cross().orElseThrow().arch());
    }

    @Test
    void theDriverPassesItsProbesAndItsEventsAreSeen() throws Exception {
        session.load(module, List.of());
        for (ProbeSpec probe : ProbeSpec.ofProject(project)) {
            ProbeProgram program =
                    new ProbeBuild(cache)
                            .build(probe, kernel.cross(), line -> {}, Workshop.MONITOR);
            String features = DriverSpec.named(NAME).build().features().toString();
            ProbeRun.Result result =
                    new ProbeRun(session, probe.withLimit(Duration.ofMinutes(5)), DEVICE, features)
                            .run(program.program().orElseThrow(), new Deaf(), Workshop.MONITOR);
            assertTrue(result.report().passed(), () -> probe.name() + ": " + result.report());
        }
        try (Recorder recorder = new Recorder(session.events());
                Armed armed = session.arm(new ArmRequest(DEVICE, true, 4096))) {
            session.stimulate(new Stimulus(DEVICE, 200, 8, 0), Workshop.MONITOR);
            recorder.finish();
            assertEquals(200, recorder.of(EventKind.WRITE_END).size());
            assertFalse(recorder.of(EventKind.SIGIO_IN).isEmpty());
            assertTrue(armed.stream() > 0);
        }
        session.unload(NAME);
    }
}
