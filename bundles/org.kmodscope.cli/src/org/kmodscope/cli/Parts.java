/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.SparseCheck;
import org.kmodscope.core.check.CheckpatchSupply;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.Boards;
import org.kmodscope.core.target.PrivilegedLoader;
import org.kmodscope.core.target.Target;

/**
 * What {@link Composition} puts together and commands use.
 *
 * @param cache where downloads and labs are kept
 * @param templates makes projects
 * @param kernels the kernels that are here or can be had
 * @param modules builds modules
 * @param sparse has sparse look at modules
 * @param probes builds user-space probes
 * @param target where drivers run
 * @param checkpatch where the style checker comes from
 * @param boards the user's boards
 * @param local what loads modules into this machine's own kernel
 */
record Parts(
        CacheDirectory cache,
        TemplateRenderer templates,
        KernelStore kernels,
        ModuleBuild modules,
        SparseCheck sparse,
        ProbeBuild probes,
        Target target,
        CheckpatchSupply checkpatch,
        BoardSupply boards,
        PrivilegedLoader local) {

    /** Reads what the user wrote of boards, when a command asks for it. */
    @FunctionalInterface
    interface BoardSupply {

        Boards get() throws KmodscopeException;
    }

    /** The same with another target. */
    Parts with(Target other) {
        return new Parts(
                cache,
                templates,
                kernels,
                modules,
                sparse,
                probes,
                other,
                checkpatch,
                boards,
                local);
    }
}
