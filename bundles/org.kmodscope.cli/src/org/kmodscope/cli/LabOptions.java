/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.KernelStore;
import picocli.CommandLine.Option;

/** Where a driver has to run: the options that probe and watch share. */
final class LabOptions {

    @Option(
            names = "--kernel",
            paramLabel = "ID",
            defaultValue = KernelStore.DEFAULT_ID,
            description = "A kernel of `kmodscope kernels`; default ${DEFAULT-VALUE}.")
    private String kernel = KernelStore.DEFAULT_ID;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            defaultValue = "qemu",
            description = "qemu (default); later uml, local, ssh:HOST.")
    private String target = "qemu";

    /** The kernel's name. */
    String kernel() {
        return kernel;
    }

    /** Refuses targets that are not there. */
    void check() throws KmodscopeException {
        switch (target) {
            case "qemu" -> {}
            case "uml", "local" -> throw notYet();
            default -> {
                if (target.startsWith("ssh:")) {
                    throw notYet();
                }
                throw new KmodscopeException(
                        Kind.USAGE,
                        "There is no target " + target + ".",
                        "Leave --target out, or say --target qemu.");
            }
        }
    }

    private KmodscopeException notYet() {
        return NotYet.of(
                "--target " + target + " comes with a later version.",
                "Leave --target out: the driver then runs in QEMU.");
    }
}
