/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.check.CheckpatchSupply;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.BoardFile;
import org.kmodscope.core.target.PrivilegedLoader;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.launch.DebugRunJob;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord;
import org.kmodscope.ide.target.Consent;
import org.kmodscope.ide.tests.NothingLogged;

/** A debug run: its reports are at the driver's lines, and without its kernel that is said. */
@ExtendWith(NothingLogged.class)
class DebugRunJobTest {

    private static final long LIMIT_MILLIS = 240_000;

    private final RunHistory history = new RunHistory();

    @AfterEach
    void clean() throws Exception {
        project().delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
    }

    private static IProject project() {
        return ResourcesPlugin.getWorkspace().getRoot().getProject("debugfifo");
    }

    private RunRecord run(DriverTools tools) throws Exception {
        var wanted = ProbeLaunch.of("debugfifo");
        var job = new DebugRunJob(wanted, DebugPlan.Depth.PROBES, tools, history);
        job.schedule();
        assertTrue(job.join(LIMIT_MILLIS, null), "it does not end");
        assertEquals(List.of(), history.running());
        return (RunRecord) history.entries().getFirst();
    }

    @Test
    void withoutTheDebugKernelItSaysSoAndBuildsNothing() throws Exception {
        RunRecord run = run(new NoDebugKernel());
        assertEquals(
                "The debug kernel uml-debug is not built yet.", run.trouble().orElseThrow().what());
        assertEquals(Optional.of(Kind.MISSING), run.trouble().orElseThrow().kind());
        assertEquals("No test was run", run.headline(run.tree(history)));
    }

    @Test
    void aReportOfTheKernelIsAProblemAtItsLine() throws Exception {
        DriverTools tools = DriverTools.installed();
        assumeTrue(tools.kernels().find(TargetSpec.Uml.KERNEL_ID).isPresent());
        var tree = tools.templates().render(DriverSpec.named("debugfifo").build());
        DriverProject.create("debugfifo", Optional.empty(), tree, new NullProgressMonitor());
        IFile source = project().getFile("debugfifo_main.c");
        String text = new String(source.getContents().readAllBytes(), StandardCharsets.UTF_8);
        int open = text.indexOf('{', text.indexOf("__init"));
        String bad = text.substring(0, open + 1) + "\n\tWARN_ON(1);\n" + text.substring(open + 1);
        int line = (int) bad.substring(0, bad.indexOf("WARN_ON(1)")).lines().count();
        source.setContents(
                new ByteArrayInputStream(bad.getBytes(StandardCharsets.UTF_8)),
                IResource.FORCE,
                null);
        RunRecord run = run(tools);
        assertEquals(Optional.empty(), run.trouble());
        assertEquals(1, run.findings().size(), run.findings().toString());
        IMarker[] markers = source.findMarkers(BuildMarkers.TYPE, true, IResource.DEPTH_ZERO);
        assertTrue(
                Stream.of(markers).anyMatch(m -> m.getAttribute(IMarker.LINE_NUMBER, 0) == line),
                "no marker at line " + line);
    }

    /** A machine on which the debug kernel was never built; nothing else is asked for. */
    private static final class NoDebugKernel implements DriverTools, KernelStore {

        private static AssertionError unasked() {
            return new AssertionError("this has nothing to do with a kernel that is missing");
        }

        @Override
        public KernelStore kernels() {
            return this;
        }

        @Override
        public Optional<Kernel> find(String id) {
            return Optional.empty();
        }

        @Override
        public CacheDirectory cache() {
            throw unasked();
        }

        @Override
        public Target target(TargetSpec spec) {
            throw unasked();
        }

        @Override
        public TemplateRenderer templates() {
            throw unasked();
        }

        @Override
        public BoardFile boards() {
            throw unasked();
        }

        @Override
        public PrivilegedLoader helper() {
            throw unasked();
        }

        @Override
        public Consent consent() {
            throw unasked();
        }

        @Override
        public CheckpatchSupply checkpatch() {
            throw unasked();
        }

        @Override
        public List<KernelEntry> list() {
            throw unasked();
        }

        @Override
        public Kernel require(String id, IProgressMonitor monitor) {
            throw unasked();
        }

        @Override
        public void add(Path directory) {
            throw unasked();
        }

        @Override
        public void remove(String id) throws KmodscopeException {
            throw unasked();
        }
    }
}
