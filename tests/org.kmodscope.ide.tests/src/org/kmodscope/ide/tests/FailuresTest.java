/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.Status;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.ide.Failures;

class FailuresTest {

    private static final KmodscopeException NO_QEMU =
            new KmodscopeException(Kind.MISSING, "There is no QEMU.", "Install qemu-system-x86.");

    @Test
    void sayWhatHappenedAndWhatToDo() {
        IStatus status = Failures.status("Boot", NO_QEMU);
        assertEquals(IStatus.ERROR, status.getSeverity());
        assertEquals("There is no QEMU.", status.getMessage());
        assertEquals("Install qemu-system-x86.", status.getChildren()[0].getMessage());
    }

    @Test
    void withoutAdviceHaveNoChild() {
        IStatus status = Failures.status("Boot", new KmodscopeException(Kind.LAB, "Gone.", ""));
        assertEquals(IStatus.ERROR, status.getSeverity());
        assertEquals(0, status.getChildren().length);
    }

    @Test
    void cancellationIsNone() {
        assertSame(Status.CANCEL_STATUS, Failures.status("Boot", new OperationCanceledException()));
        assertSame(Status.CANCEL_STATUS, Failures.status("Boot", new InterruptedException()));
    }

    @Test
    void areUnwrapped() {
        assertEquals(
                "There is no QEMU.",
                Failures.status("Boot", new InvocationTargetException(NO_QEMU)).getMessage());
        IStatus own = Status.error("own");
        assertSame(own, Failures.status("Boot", new CoreException(own)));
    }

    @Test
    void unexpectedOnesNameTheAction() {
        IStatus status = Failures.status("Boot", new IllegalStateException("odd"));
        assertEquals(IStatus.ERROR, status.getSeverity());
        assertTrue(status.getMessage().startsWith("Boot failed"), status.getMessage());
        assertTrue(status.getMessage().contains("odd"), status.getMessage());
    }
}
