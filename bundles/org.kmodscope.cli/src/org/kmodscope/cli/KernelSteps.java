/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.Optional;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;

/** Getting a kernel, as a step that is seen. */
final class KernelSteps {

    private final Tool tool;
    private final Steps steps;

    KernelSteps(Tool tool, Steps steps) {
        this.tool = tool;
        this.steps = steps;
    }

    /** The kernel, fetched first when it is not here. */
    Kernel require(String id) throws KmodscopeException, InterruptedException {
        KernelStore store = tool.parts().kernels();
        return steps.run(
                "Get the kernel " + id,
                monitor -> {
                    Optional<Kernel> here = store.find(id);
                    if (here.isPresent()) {
                        monitor.cachedResult();
                        monitor.note(here.get().release());
                        return here.get();
                    }
                    Kernel kernel = store.require(id, monitor);
                    monitor.note(kernel.release());
                    return kernel;
                });
    }
}
