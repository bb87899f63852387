/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.target;

import java.util.ArrayList;
import java.util.List;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;

/**
 * A target that can be chosen.
 *
 * @param spec what to open
 * @param title what users read
 */
public record TargetOption(TargetSpec spec, String title) {

    /** A target that was chosen, whether it is offered or not. */
    public static TargetOption of(TargetSpec spec) {
        return new TargetOption(
                spec,
                switch (spec) {
                    case TargetSpec.Qemu qemu -> "QEMU · " + qemu.kernelId();
                    case TargetSpec.Uml uml -> "UML · " + uml.kernelId();
                    case TargetSpec.Local local -> "This machine (no lab)";
                    case TargetSpec.Ssh ssh -> "SSH · " + ssh.board().name();
                    case TargetSpec.Recorded recorded ->
                            "Recording · " + recorded.file().getFileName();
                });
    }

    /**
     * All that can be chosen, but recordings: those are files. Labs first; this machine last, so
     * that nobody gets there by pressing a key too often. Reads the disk.
     */
    public static List<TargetOption> list(DriverTools tools) throws KmodscopeException {
        List<TargetOption> options = new ArrayList<>();
        for (KernelEntry entry : tools.kernels().list()) {
            if (boots(tools.kernels(), entry)) {
                TargetSpec lab = TargetSpec.lab(entry.id(), false);
                boolean ready = entry.state() == KernelEntry.State.READY;
                String get = lab.findsFaults() ? " (to build)" : " (to fetch)";
                options.add(new TargetOption(lab, of(lab).title() + (ready ? "" : get)));
            }
        }
        for (Board board : tools.boards().read().list()) {
            options.add(of(new TargetSpec.Ssh(board)));
        }
        options.add(of(new TargetSpec.Local()));
        return options;
    }

    /** Whether a lab can be started with it, now or when it is fetched. */
    private static boolean boots(KernelStore kernels, KernelEntry entry) throws KmodscopeException {
        return switch (entry.state()) {
            case LACKING, NOT_YET -> false;
            case READY ->
                    entry.id().equals(TargetSpec.Uml.KERNEL_ID)
                            || kernels.find(entry.id())
                                    .flatMap(kernel -> kernel.image())
                                    .isPresent();
            case AVAILABLE -> true;
        };
    }
}
