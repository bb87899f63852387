/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.nio.file.Path;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.project.DriverProject;

/**
 * Makes what is to be loaded: builds what is stale, marks what the compiler says at its lines, and
 * has the user agree where that matters.
 *
 * @param supply what builds and asks
 */
record ModuleMaker(ScopeSupply supply) {

    /** The module; a recording reads no file, so that nothing has to be built for it. */
    Path make(DriverProject driver, TargetSpec target, SubMonitor monitor)
            throws KmodscopeException, InterruptedException, CoreException {
        if (target instanceof TargetSpec.Recorded) {
            return Path.of(driver.spec().module() + ".ko");
        }
        monitor.setWorkRemaining(10);
        BuildResult result = supply.build(driver, target, monitor.split(8));
        BuildMarkers.show(driver.project(), result.diagnostics(), monitor.split(1));
        driver.project().refreshLocal(IResource.DEPTH_INFINITE, monitor.split(1));
        if (result.module().isPresent()) {
            supply.allow(driver, target, result.module().get());
            return result.module().get();
        }
        long errors =
                result.diagnostics().stream()
                        .filter(found -> found.severity() == Diagnostic.Severity.ERROR)
                        .count();
        throw new KmodscopeException(
                Kind.FAILED,
                "%s does not compile: %d %s."
                        .formatted(
                                driver.project().getName(),
                                errors,
                                errors == 1 ? "error" : "errors"),
                "The view Problems lists what the compiler says.");
    }
}
