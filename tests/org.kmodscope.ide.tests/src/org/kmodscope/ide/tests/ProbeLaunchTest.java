/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.Boards;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.scope.ScopeSource;

@ExtendWith(NothingLogged.class)
class ProbeLaunchTest {

    private static ILaunchConfigurationWorkingCopy configuration() throws CoreException {
        ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
        return launches.getLaunchConfigurationType(ProbeLaunch.TYPE).newInstance(null, "test");
    }

    @Test
    void isKeptInAConfiguration() throws Exception {
        var launch = new ProbeLaunch("ringfifo", "debian-6.12", "sigio", "--count 10 \"a b\"");
        var configuration = configuration();
        launch.write(configuration);
        assertEquals(launch, ProbeLaunch.read(configuration));
        ProbeLaunch heard = launch.heardBy(Optional.of(ScopeSource.BRIDGE));
        heard.write(configuration);
        assertEquals(heard, ProbeLaunch.read(configuration));
        assertEquals(new TargetSpec.Qemu("debian-6.12", true), heard.spec(new Boards(List.of())));
        assertEquals(List.of("--count", "10", "a b"), launch.argumentVector());
    }

    @Test
    void anEmptyConfigurationHasDefaults() throws Exception {
        assertEquals(ProbeLaunch.of(""), ProbeLaunch.read(configuration()));
    }

    @Test
    void aProjectThatIsGoneIsSaid() throws Exception {
        var configuration = configuration();
        ProbeLaunch.of("gone").write(configuration);
        var refused =
                assertThrows(
                        CoreException.class,
                        () ->
                                configuration.launch(
                                        ILaunchManager.RUN_MODE, new NullProgressMonitor()));
        assertTrue(
                refused.getStatus().getMessage().contains("gone"), refused.getStatus().toString());
    }

    @Test
    void allProbesOfAProjectAreOneLaunch(@TempDir Path project) throws Exception {
        Path probes = Files.createDirectory(project.resolve("probes"));
        Files.createFile(probes.resolve("sigio.c"));
        Files.createFile(probes.resolve("libaio.c"));
        ProbeLaunch all = ProbeLaunch.of("ringfifo").withProbe(ProbeLaunch.ALL_PROBES);
        assertEquals("all probes", all.title());
        assertEquals(
                List.of("libaio", "sigio"),
                all.probes(project).stream().map(ProbeSpec::name).toList());
        assertEquals(
                List.of("--count", "5"),
                new ProbeLaunch("ringfifo", "debian-6.1", "sigio", "--count 5")
                        .probes(project)
                        .getFirst()
                        .arguments());
    }

    @Test
    void argumentsForAllAndProjectsWithoutProbesAreRefused(@TempDir Path project) throws Exception {
        var none = new ProbeLaunch("ringfifo", "debian-6.1", ProbeLaunch.ALL_PROBES, "");
        assertThrows(KmodscopeException.class, () -> none.probes(project));
        Files.createFile(Files.createDirectory(project.resolve("probes")).resolve("sigio.c"));
        var both = new ProbeLaunch("ringfifo", "debian-6.1", ProbeLaunch.ALL_PROBES, "--count 5");
        var refused = assertThrows(KmodscopeException.class, () -> both.probes(project));
        assertTrue(refused.remedy().contains("Clear"), refused.remedy());
    }
}
