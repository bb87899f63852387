/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.time.Duration;
import java.util.List;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.IScopeContext;
import org.kmodscope.ide.Failures;
import org.osgi.service.prefs.BackingStoreException;

/**
 * Who watched the device last, and how: kept in the preferences of a workspace, so that a view that
 * is opened again goes on with it.
 *
 * @param scope whose preferences they are
 */
public record ScopePreferences(IScopeContext scope) {

    private static final String NODE = "org.kmodscope.ide";
    private static final String SOURCE = "scope.source";
    private static final String MODELS = "scope.io";
    private static final String DEPTH = "scope.depth";
    private static final String TURN = "scope.turnMillis";

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

    /** Keeps what was chosen, where that is something else; the disk is written by a job. */
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
        List.of(SOURCE, MODELS, DEPTH, TURN).forEach(node()::remove);
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
