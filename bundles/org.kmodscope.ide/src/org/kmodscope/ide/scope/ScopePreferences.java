/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.time.Duration;
import java.util.List;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.IScopeContext;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.target.TargetName;
import org.kmodscope.ide.target.TargetOption;
import org.osgi.service.prefs.BackingStoreException;

/**
 * Where the driver ran last, who watched the device, and how: kept in the preferences of a
 * workspace, so that a view that is opened again goes on with it.
 *
 * @param scope whose preferences they are
 */
public record ScopePreferences(IScopeContext scope) {

    private static final String NODE = "org.kmodscope.ide";
    private static final String SOURCE = "scope.source";
    private static final String MODELS = "scope.io";
    private static final String DEPTH = "scope.depth";
    private static final String TURN = "scope.turnMillis";
    private static final String TARGET = "scope.target";

    private IEclipsePreferences node() {
        return scope.getNode(NODE);
    }

    /** The choice with what was kept; what cannot be read is as in the choice. */
    public ScopeChoice restore(ScopeChoice choice) {
        IEclipsePreferences node = node();
        ScopeChoice next =
                ScopeSource.named(node.get(SOURCE, "")).map(choice::withSource).orElse(choice);
        IoChoice io = choice.io();
        try {
            return next.withIo(
                    new IoChoice(
                            List.of(node.get(MODELS, String.join(",", io.words())).split(",")),
                            node.getInt(DEPTH, io.depth()),
                            Duration.ofMillis(node.getLong(TURN, io.turn().toMillis()))));
        } catch (IllegalArgumentException changedByHand) {
            return next;
        }
    }

    /** The choice with the target that was kept; as it is when that target is not offered now. */
    public ScopeChoice restoreTarget(ScopeChoice choice, List<TargetOption> offered) {
        String kept = node().get(TARGET, "");
        return offered.stream()
                .map(TargetOption::spec)
                .filter(spec -> TargetName.of(spec).equals(kept))
                .findFirst()
                .map(choice::withTarget)
                .orElse(choice);
    }

    /**
     * Keeps the target that was chosen, where that is another one. A lab or a board is kept. This
     * machine is not: its kernel is to be chosen anew each time. Nor is a recording, which has been
     * replayed. Both leave what was kept before them.
     */
    public void keepTarget(TargetSpec chosen) {
        boolean lasting =
                switch (chosen) {
                    case TargetSpec.Qemu qemu -> true;
                    case TargetSpec.Uml uml -> true;
                    case TargetSpec.Ssh ssh -> true;
                    case TargetSpec.Local local -> false;
                    case TargetSpec.Recorded recorded -> false;
                };
        IEclipsePreferences node = node();
        String name = TargetName.of(chosen);
        if (lasting && !node.get(TARGET, "").equals(name)) {
            node.put(TARGET, name);
            write(node);
        }
    }

    /** Keeps who watches, and how, where that is something else; the disk is written by a job. */
    public void keep(ScopeChoice choice) {
        if (restore(choice).equals(choice) && !node().get(SOURCE, "").isEmpty()) {
            return;
        }
        IEclipsePreferences node = node();
        node.put(SOURCE, choice.source().name());
        node.put(MODELS, String.join(",", choice.io().words()));
        node.putInt(DEPTH, choice.io().depth());
        node.putLong(TURN, choice.io().turn().toMillis());
        write(node);
    }

    /** Forgets what was kept. */
    public void clear() {
        List.of(SOURCE, MODELS, DEPTH, TURN, TARGET).forEach(node()::remove);
    }

    private static void write(IEclipsePreferences node) {
        Job.createSystem(
                        "Keep the choices of Async Scope",
                        monitor -> {
                            try {
                                node.flush();
                                return Status.OK_STATUS;
                            } catch (BackingStoreException e) {
                                return Failures.status("Keep the choices of Async Scope", e);
                            }
                        })
                .schedule();
    }
}
