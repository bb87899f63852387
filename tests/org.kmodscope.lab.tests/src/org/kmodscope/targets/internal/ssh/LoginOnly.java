/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;

/** Connects, and leaves again. */
public final class LoginOnly {

    private LoginOnly() {}

    /** As a session's beginning does. */
    public static void at(Login login, String address) throws Exception {
        login.connect(address, Optional.empty(), new NullProgressMonitor()).close();
    }
}
