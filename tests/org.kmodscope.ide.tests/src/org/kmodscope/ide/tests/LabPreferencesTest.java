/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.lab.LabPreferences;
import org.kmodscope.ide.lab.PreferredLabs;

/** Labs that are opened in the IDE have the size that the preferences say. */
class LabPreferencesTest {

    private final IEclipsePreferences node = InstanceScope.INSTANCE.getNode(LabPreferences.NODE);
    private final LabPreferences preferences = new LabPreferences(InstanceScope.INSTANCE);
    private final List<TargetSpec> opened = new ArrayList<>();

    @AfterEach
    void reset() {
        node.remove(LabPreferences.PROCESSORS);
        node.remove(LabPreferences.MEMORY);
    }

    @Test
    void withoutPreferencesLabsHaveTheUsualSize() throws Exception {
        assertEquals(MachineSize.DEFAULT, preferences.size());
    }

    @Test
    void aLabHasThePreferredSize() throws Exception {
        node.putInt(LabPreferences.PROCESSORS, 4);
        node.putInt(LabPreferences.MEMORY, 1024);
        assertThrows(Opened.class, () -> open(new TargetSpec.Qemu("debian-6.1", true)));
        MachineSize preferred = new MachineSize(4, 1024);
        assertEquals(List.of(new TargetSpec.Qemu("debian-6.1", true, preferred)), opened);
    }

    @Test
    void whatIsAskedForOtherwiseStays() throws Exception {
        node.putInt(LabPreferences.PROCESSORS, 4);
        TargetSpec own = new TargetSpec.Qemu("debian-6.1", false, new MachineSize(1, 300));
        assertThrows(Opened.class, () -> open(own));
        assertThrows(Opened.class, () -> open(new TargetSpec.Uml()));
        assertEquals(List.of(own, new TargetSpec.Uml()), opened);
    }

    @Test
    void aSizeThatIsOutOfBoundsIsRefused() {
        node.putInt(LabPreferences.MEMORY, 1);
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class, () -> open(new TargetSpec.Qemu("debian-6.1")));
        assertEquals(Kind.USAGE, failure.kind());
        assertEquals(List.of(), opened);
    }

    private void open(TargetSpec spec) throws Exception {
        new PreferredLabs(new Written(), preferences).open(spec, new NullProgressMonitor());
    }

    private static final class Opened extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    /** Writes down what it is to open. */
    private final class Written implements Target {

        @Override
        public boolean accepts(TargetSpec spec) {
            return true;
        }

        @Override
        public TargetSession open(TargetSpec spec, IProgressMonitor monitor) {
            opened.add(spec);
            throw new Opened();
        }
    }
}
