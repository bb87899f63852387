/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.DriverField;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.ide.project.DriverDraft;

class DriverDraftTest {

    private final DriverDraft draft = new DriverDraft("Ann Author <ann@example.org>");

    @Test
    void beginsValid() throws Exception {
        assertEquals(Optional.empty(), draft.problem());
        assertEquals("globalfifo", draft.spec().module());
        assertEquals("Ann Author <ann@example.org>", draft.spec().author());
    }

    @Test
    void deviceFollowsTheModuleUntilItIsNamed() throws Exception {
        draft.setText(DriverField.MODULE, "ringfifo");
        assertEquals("ringfifo", draft.spec().device());
        draft.setText(DriverField.DEVICE, "ring0");
        draft.setText(DriverField.MODULE, "other");
        assertEquals("ring0", draft.spec().device());
    }

    @Test
    void deviceFollowsAgainWhenItIsCalledAsTheModule() throws Exception {
        draft.setText(DriverField.DEVICE, "ring0");
        draft.setText(DriverField.DEVICE, "globalfifo");
        draft.setText(DriverField.MODULE, "other");
        assertEquals("other", draft.spec().device());
    }

    @Test
    void keepsWhatIsWrongAndSaysWhere() {
        draft.setText(DriverField.MODULE, "my driver");
        var problem = draft.problem().orElseThrow();
        assertEquals(DriverField.MODULE, problem.field());
        assertEquals("my driver", draft.text(DriverField.MODULE));
        assertThrows(KmodscopeException.class, draft::spec);
    }

    @Test
    void featuresBringWhatTheyNeed() {
        draft.choose(Feature.FASYNC, false);
        assertFalse(draft.features().has(Feature.POLLOUT));
        draft.choose(Feature.POLLOUT, true);
        assertTrue(draft.features().has(Feature.FASYNC));
    }
}
