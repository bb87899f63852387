/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.lab;

import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/**
 * A target whose QEMU labs of the usual size get the preferred one.
 *
 * @param target what opens them
 * @param preferences what is preferred
 */
public record PreferredLabs(Target target, LabPreferences preferences) implements Target {

    @Override
    public boolean accepts(TargetSpec spec) {
        return target.accepts(spec);
    }

    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return target.open(preferred(spec), monitor);
    }

    private TargetSpec preferred(TargetSpec spec) throws KmodscopeException {
        return spec instanceof TargetSpec.Qemu lab && lab.size().equals(MachineSize.DEFAULT)
                ? new TargetSpec.Qemu(lab.kernelId(), lab.bridge(), preferences.size())
                : spec;
    }
}
