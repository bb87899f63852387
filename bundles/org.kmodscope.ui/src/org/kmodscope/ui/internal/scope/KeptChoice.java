/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.List;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.kmodscope.ide.scope.ScopeChoice;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopePreferences;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.target.TargetOption;

/**
 * Puts back what was chosen when the view was open last, and keeps what is chosen now, in the
 * preferences of the workspace. UI thread.
 */
final class KeptChoice {

    private final ScopePreferences preferences = new ScopePreferences(InstanceScope.INSTANCE);
    private final ScopeController controller;
    private boolean targetsKnown;

    /** Puts back all but the target: what there is is not known yet. */
    KeptChoice(ScopeController controller) {
        this.controller = controller;
        controller.choose(preferences.restore(controller.choice()));
    }

    /** Puts the target back, the first time; what the user chose or began meanwhile stays. */
    void targetsAre(List<TargetOption> offered) {
        ScopeChoice choice = controller.choice();
        boolean untouched = choice.target().equals(ScopeChoice.initial().target());
        boolean busy = controller.state() instanceof ScopeState.Working;
        if (!targetsKnown && untouched && !busy) {
            controller.choose(preferences.restoreTarget(choice, offered));
        }
        targetsKnown = true;
    }

    /** Keeps what is chosen, where it is something else than before. */
    void keep() {
        preferences.keep(controller.choice());
        if (targetsKnown) {
            preferences.keepTarget(controller.choice().target());
        }
    }
}
