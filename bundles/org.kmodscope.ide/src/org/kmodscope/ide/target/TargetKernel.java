/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.target;

import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.TargetSpec;

/** What modules for a target are built against. */
public final class TargetKernel {

    private TargetKernel() {}

    /**
     * Fetches the kernel if it is not here, which may take long.
     *
     * @throws KmodscopeException USAGE when nobody has said which kernel a board runs, or for a
     *     recording, for which nothing is built; else as {@link KernelStore#require}
     */
    public static Kernel require(KernelStore kernels, TargetSpec target, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return switch (target) {
            case TargetSpec.Qemu qemu -> kernels.require(qemu.kernelId(), monitor);
            case TargetSpec.Uml uml -> kernels.require(uml.kernelId(), monitor);
            case TargetSpec.Local local -> kernels.require(TargetSpec.Local.KERNEL_ID, monitor);
            case TargetSpec.Ssh ssh -> of(kernels, ssh.board(), monitor);
            case TargetSpec.Recorded recorded ->
                    throw new KmodscopeException(
                            Kind.USAGE,
                            "Nothing is built for a recording.",
                            "Choose a target that runs.");
        };
    }

    private static Kernel of(KernelStore kernels, Board board, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        String id =
                board.kernel()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                Kind.USAGE,
                                                "Which kernel runs on "
                                                        + board.name()
                                                        + " has to be known to build for it.",
                                                "Say so on the preference page Linux Drivers >"
                                                        + " Boards."));
        Kernel kernel = kernels.require(id, monitor);
        return board.cross().map(kernel::withCross).orElse(kernel);
    }
}
