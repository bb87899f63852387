/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.AsRoot;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.target.HelperSetup;

/** What the workbench does about the helper; nothing of this machine is changed. */
class HelperSetupTest {

    private static HelperSetup setup(Optional<AsRoot> root) throws KmodscopeException {
        return new HelperSetup(DriverTools.installed().helper(), root);
    }

    @Test
    void theCommandsAreKnownBeforeAnythingIsDone() throws Exception {
        HelperSetup.State state = setup(Optional.empty()).look(new NullProgressMonitor());
        List<String> first = state.commands().getFirst();
        assertEquals(state.installed() ? "rm" : "install", first.getFirst());
        assertTrue(first.contains(state.place().toString()), first::toString);
    }

    @Test
    void aRefusalChangesNothing() throws Exception {
        HelperSetup setup = setup(Optional.of(new AsRoot(List.of("false"))));
        HelperSetup.State before = setup.look(new NullProgressMonitor());
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> setup.change(before, new NullProgressMonitor()));
        assertEquals(Kind.FAILED, failure.kind());
        assertEquals(before, setup.look(new NullProgressMonitor()));
    }

    @Test
    void whereNobodyCanAskATerminalIsNamed() throws Exception {
        HelperSetup setup = setup(Optional.empty());
        HelperSetup.State before = setup.look(new NullProgressMonitor());
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> setup.change(before, new NullProgressMonitor()));
        assertEquals(Kind.MISSING, failure.kind());
        assertTrue(failure.remedy().contains("terminal"), failure::remedy);
    }
}
