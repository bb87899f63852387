/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.SparseCheck;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.matrix.Matrix;
import org.kmodscope.core.matrix.MatrixReport;
import org.kmodscope.core.matrix.MatrixRequest;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.results.MatrixBoard;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord.Trouble;
import org.kmodscope.ide.results.ToolMessages;

/** Runs a driver on all kernels that are here or can be had. To be scheduled. */
public final class MatrixJob extends RunJob {

    private final DriverProject project;
    private final DriverTools tools;
    private final Instant started = Instant.now();
    private MatrixBoard board;

    /** A job that puts its board into the history as soon as it knows the kernels. */
    public MatrixJob(DriverProject project, DriverTools tools, RunHistory history) {
        super("Run " + project.project().getName() + " on all kernels", history);
        this.project = project;
        this.tools = tools;
        board = board(List.of());
    }

    private MatrixBoard board(List<String> kernels) {
        return new MatrixBoard(
                project.project().getName(),
                project.directory(),
                started,
                kernels,
                history()::changed);
    }

    @Override
    void work(IProgressMonitor progress)
            throws KmodscopeException, InterruptedException, CoreException {
        SubMonitor monitor = SubMonitor.convert(progress, 100);
        Path directory = project.directory();
        Matrix matrix =
                new Matrix(
                        tools.kernels(),
                        new ModuleBuild(tools.cache()),
                        new SparseCheck(tools.cache()),
                        new ProbeBuild(tools.cache()),
                        tools.target(new TargetSpec.Qemu(KernelStore.DEFAULT_ID)),
                        tools.checkpatch(),
                        new LabPasses(tools.cache()));
        List<String> kernels = matrix.defaultKernels();
        board = board(kernels);
        history().add(board);
        MatrixReport report =
                matrix.run(new MatrixRequest(directory, kernels), board, monitor.split(95));
        BuildMarkers.show(project.project(), ToolMessages.of(report), monitor.split(2));
        // The logs, so that an editor can open them.
        project.project()
                .getFolder("build")
                .refreshLocal(IResource.DEPTH_INFINITE, monitor.split(3));
        board.done(report);
    }

    @Override
    void failed(Trouble trouble) {
        board.failed(trouble);
        if (!history().entries().contains(board)) {
            history().add(board);
        }
    }
}
