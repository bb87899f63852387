/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.nio.file.Path;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.target.TargetKernel;
import org.kmodscope.ide.target.TargetOption;

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
     * Asks the user before a module goes into a kernel that matters; returning is consent.
     *
     * @throws org.eclipse.core.runtime.OperationCanceledException when the user says no
     */
    void allow(DriverProject driver, TargetSpec target, Path module) throws KmodscopeException;

    /** Opens targets. */
    Target places();

    /** The targets that can be chosen; reads the disk. */
    List<TargetOption> targets() throws KmodscopeException;

    /** The tools of the IDE: its kernels, its targets, make. */
    static ScopeSupply of(DriverTools tools) {
        return new ScopeSupply() {
            @Override
            public List<TargetOption> targets() throws KmodscopeException {
                return TargetOption.list(tools);
            }

            @Override
            public void prepare(TargetSpec target, IProgressMonitor monitor)
                    throws KmodscopeException, InterruptedException {
                if (!(target instanceof TargetSpec.Recorded)) {
                    TargetKernel.require(tools.kernels(), target, monitor);
                }
            }

            @Override
            public BuildResult build(
                    DriverProject driver, TargetSpec target, IProgressMonitor monitor)
                    throws KmodscopeException, InterruptedException {
                SubMonitor steps = SubMonitor.convert(monitor, 10);
                Kernel kernel = TargetKernel.require(tools.kernels(), target, steps.split(5));
                return new ModuleBuild(tools.cache())
                        .build(
                                BuildRequest.of(driver.directory(), kernel),
                                line -> {},
                                steps.split(5));
            }

            @Override
            public void allow(DriverProject driver, TargetSpec target, Path module)
                    throws KmodscopeException {
                tools.consent().before(target, driver.directory(), module);
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
                            throws KmodscopeException, InterruptedException {
                        return tools.target(spec).open(spec, monitor);
                    }
                };
            }
        };
    }
}
