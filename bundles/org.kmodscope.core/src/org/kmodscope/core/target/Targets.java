/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;

/**
 * Several targets as one: each specification goes to the first that accepts it.
 *
 * @param targets those there are
 */
public record Targets(List<Target> targets) implements Target {

    /** Those that a caller has. */
    public Targets {
        targets = List.copyOf(targets);
    }

    @Override
    public boolean accepts(TargetSpec spec) {
        return targets.stream().anyMatch(target -> target.accepts(spec));
    }

    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        for (Target target : targets) {
            if (target.accepts(spec)) {
                return target.open(spec, monitor);
            }
        }
        throw new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "Nothing here can run a driver in " + spec + ".",
                "Choose another target.");
    }
}
