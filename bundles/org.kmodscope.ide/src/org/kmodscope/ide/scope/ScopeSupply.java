/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.DriverProject;

/** What a {@link ScopeController} builds and runs with. */
public interface ScopeSupply {

    /**
     * Fetches what a target needs and this machine has not, which may take long; nothing is
     * success.
     *
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled
     */
    void prepare(TargetSpec target, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;

    /**
     * Builds what is stale for the kernel of a target.
     *
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled
     */
    BuildResult build(DriverProject driver, TargetSpec target, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;

    /**
     * Opens a target.
     *
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled
     */
    TargetSession open(TargetSpec target, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;

    /** The targets that can be chosen; reads the disk. */
    List<TargetOption> targets() throws KmodscopeException;

    /** The tools of the IDE: its kernels, its targets, make. */
    static ScopeSupply of(DriverTools tools) {
        return new ScopeSupply() {
            @Override
            public List<TargetOption> targets() throws KmodscopeException {
                List<TargetOption> options = new ArrayList<>();
                for (KernelEntry entry : tools.kernels().list()) {
                    TargetSpec lab = TargetSpec.lab(entry.id(), false);
                    boolean uml = lab instanceof TargetSpec.Uml;
                    boolean bootable = uml || entry.id().startsWith("debian-");
                    if (bootable && entry.state() != KernelEntry.State.NOT_YET) {
                        boolean ready = entry.state() == KernelEntry.State.READY;
                        String rest = ready ? "" : uml ? " (to build)" : " (to fetch)";
                        String machine = uml ? "UML · " : "QEMU · ";
                        options.add(new TargetOption(lab, machine + entry.id() + rest));
                    }
                }
                return options;
            }

            @Override
            public void prepare(TargetSpec target, IProgressMonitor monitor)
                    throws KmodscopeException, InterruptedException {
                tools.kernels().require(kernel(target), monitor);
            }

            private static String kernel(TargetSpec target) {
                return switch (target) {
                    case TargetSpec.Qemu qemu -> qemu.kernelId();
                    case TargetSpec.Uml uml -> uml.kernelId();
                    case TargetSpec.Local local -> TargetSpec.Local.KERNEL_ID;
                    case TargetSpec.Ssh ssh -> ssh.board().kernel().orElse(KernelStore.DEFAULT_ID);
                    case TargetSpec.Recorded recorded -> KernelStore.DEFAULT_ID;
                };
            }

            @Override
            public BuildResult build(
                    DriverProject driver, TargetSpec target, IProgressMonitor monitor)
                    throws KmodscopeException, InterruptedException {
                SubMonitor steps = SubMonitor.convert(monitor, 10);
                Kernel kernel = tools.kernels().require(kernel(target), steps.split(5));
                return new ModuleBuild(tools.cache())
                        .build(
                                BuildRequest.of(driver.directory(), kernel),
                                line -> {},
                                steps.split(5));
            }

            @Override
            public TargetSession open(TargetSpec target, IProgressMonitor monitor)
                    throws KmodscopeException, InterruptedException {
                return tools.target(target).open(target, monitor);
            }
        };
    }
}
