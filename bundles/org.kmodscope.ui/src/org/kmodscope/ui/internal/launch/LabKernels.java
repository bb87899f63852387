/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelEntry.State;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.TargetSpec;

/** The kernels that a lab can be started with. */
final class LabKernels {

    private LabKernels() {}

    /**
     * Identifier and words of each, in the store's order: what is here and can be booted, and what
     * is fetched in minutes when it is needed. The debug kernel takes long to build, so it is
     * offered only when it is here. Reads the disk.
     */
    static Map<String, String> read(KernelStore store) throws KmodscopeException {
        var result = new LinkedHashMap<String, String>();
        for (KernelEntry entry : store.list()) {
            boolean uml = TargetSpec.lab(entry.id(), false) instanceof TargetSpec.Uml;
            boolean here = entry.state() == State.READY && (uml || hasImage(store, entry.id()));
            boolean later = entry.state() == State.AVAILABLE && !uml;
            if (here || later) {
                result.put(
                        entry.id(),
                        "%s – %s%s"
                                .formatted(
                                        entry.id(),
                                        entry.title(),
                                        later ? "; fetched when it is needed" : ""));
            }
        }
        return result;
    }

    private static boolean hasImage(KernelStore store, String id) throws KmodscopeException {
        return store.find(id).flatMap(kernel -> kernel.image()).isPresent();
    }
}
