/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.scope.ScopeChoice;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.tests.NothingLogged;
import org.kmodscope.ide.tests.scope.ReplaySupply;
import org.kmodscope.ui.tests.Screen;

/** The target that the view comes back with. */
@ExtendWith(NothingLogged.class)
class TargetChoiceTest {

    private static final Duration LIMIT = OpenScope.LIMIT;

    private final ReplaySupply supply;
    private final OpenScope scope;
    private final AsyncScopeView view;

    TargetChoiceTest() throws Exception {
        supply = new ReplaySupply();
        scope = new OpenScope();
        view = scope.view();
        view.use(new ScopeController(supply));
    }

    @AfterEach
    void close() throws Exception {
        scope.close();
    }

    @Test
    void theTargetIsAsItWasWhenTheViewWasOpenLast() throws Exception {
        Screen.await("the targets", LIMIT, () -> targets().contains("QEMU · debian-6.12"));
        TargetSpec other = new TargetSpec.Qemu("debian-6.12");
        Combo combo = targetCombo();
        combo.select(combo.indexOf("QEMU · debian-6.12"));
        combo.notifyListeners(SWT.Selection, new Event());
        assertEquals(other, view.controller().choice().target());
        Screen.await("it is kept", LIMIT, () -> kept().equals("debian-6.12"));
        view.use(new ScopeController(supply));
        Screen.await("as it was", LIMIT, () -> view.controller().choice().target().equals(other));
        Screen.await("shown", LIMIT, () -> targetCombo().getText().equals("QEMU · debian-6.12"));
    }

    @Test
    void aTargetThatIsNoMoreIsNotComeBackTo() throws Exception {
        InstanceScope.INSTANCE.getNode("org.kmodscope.ide").put("scope.target", "ssh:sold");
        view.use(new ScopeController(supply));
        Screen.await("the targets", LIMIT, () -> targets().contains("QEMU · debian-6.12"));
        assertEquals("QEMU · debian-6.1", targetCombo().getText());
        assertEquals(ScopeChoice.initial().target(), view.controller().choice().target());
        Screen.await("forgotten", LIMIT, () -> kept().equals("debian-6.1"));
    }

    private static String kept() {
        return InstanceScope.INSTANCE.getNode("org.kmodscope.ide").get("scope.target", "");
    }

    private List<String> targets() {
        return List.of(targetCombo().getItems());
    }

    private Combo targetCombo() {
        return Screen.find(view.parts().toolbar().control(), Combo.class, any -> true)
                .findFirst()
                .orElseThrow();
    }
}
