/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.build;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;

/** A kernel whose fetch takes a minute: used where it is here, or where fetching is asked for. */
final class NewerKernel {

    private static final String ASKED = "KMODSCOPE_TEST_FETCH";

    private NewerKernel() {}

    static Kernel require(KernelStore store, String id) throws Exception {
        assumeTrue(
                System.getenv(ASKED) != null || store.find(id).isPresent(),
                id + " is not in the cache; set " + ASKED + " to have it fetched");
        return store.require(id, new NullProgressMonitor());
    }
}
