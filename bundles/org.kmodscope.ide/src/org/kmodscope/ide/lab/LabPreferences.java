/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.lab;

import org.eclipse.core.runtime.preferences.IScopeContext;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.MachineSize;

/**
 * How large QEMU labs are that launches, the view and the matrix start, as the workspace's
 * preferences say. Read anew for each lab.
 *
 * @param scope whose preferences they are
 */
public record LabPreferences(IScopeContext scope) {

    /** The preferences' node. */
    public static final String NODE = "org.kmodscope.ide";

    /** The key of the number of processors. */
    public static final String PROCESSORS = "lab.processors";

    /** The key of the memory, in MiB. */
    public static final String MEMORY = "lab.memory";

    /**
     * The size of labs.
     *
     * @throws KmodscopeException USAGE when what is kept there is out of bounds, which the page
     *     does not allow
     */
    public MachineSize size() throws KmodscopeException {
        var node = scope.getNode(NODE);
        return MachineSize.of(
                node.getInt(PROCESSORS, MachineSize.DEFAULT.processors()),
                node.getInt(MEMORY, MachineSize.DEFAULT.memoryMib()));
    }
}
