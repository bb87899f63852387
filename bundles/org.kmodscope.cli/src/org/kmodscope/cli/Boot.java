/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.time.Duration;
import java.util.Optional;
import org.kmodscope.cli.internal.terminal.Quantity;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.core.target.WarmStart;

/**
 * A lab that boots while what will run in it is built. Ends with the {@code try} that holds it,
 * unless {@link #run} has handed the lab over. A target that is no lab may ask for a password: it
 * is opened when all is built.
 */
final class Boot implements AutoCloseable {

    private final Tool tool;
    private final Steps steps;
    private final TargetSpec spec;
    private final Optional<WarmStart> start;

    private Boot(Tool tool, Steps steps, TargetSpec spec, Optional<WarmStart> start) {
        this.tool = tool;
        this.steps = steps;
        this.spec = spec;
        this.start = start;
    }

    /** Begins to boot; the lab's kernel is here already, so that nothing is fetched unseen. */
    static Boot begin(Tool tool, Steps steps, TargetSpec spec) throws KmodscopeException {
        Optional<WarmStart> start =
                spec.startsAlone()
                        ? Optional.of(WarmStart.of(tool.parts().target(), spec))
                        : Optional.empty();
        return new Boot(tool, steps, spec, start);
    }

    /** Builds meanwhile; a lab that does not come up ends that, and is what is told then. */
    <T> T meanwhile(Work<T> work) throws KmodscopeException, InterruptedException {
        if (start.isEmpty()) {
            return work.run(new BuildSteps(tool, steps));
        }
        WarmStart lab = start.get();
        BuildSteps build = new BuildSteps(tool, steps, lab::watched);
        return lab.<T, RuntimeException>meanwhile(() -> work.run(build));
    }

    /** The lab, once it is up. */
    LabRun run() throws KmodscopeException, InterruptedException {
        if (start.isEmpty()) {
            return LabRun.boot(tool, steps, spec);
        }
        WarmStart lab = start.get();
        return LabRun.boot(
                tool,
                steps,
                spec,
                monitor -> {
                    TargetSession session = lab.session(monitor);
                    LabRun.tell(session.info(), monitor, lab.took().map(Boot::after));
                    return session;
                });
    }

    private static String after(Duration time) {
        return "up after " + Quantity.seconds(time.toNanos());
    }

    @Override
    public void close() {
        start.ifPresent(WarmStart::close);
    }

    /** What is built meanwhile. */
    @FunctionalInterface
    interface Work<T> {

        T run(BuildSteps build) throws KmodscopeException, InterruptedException;
    }
}
