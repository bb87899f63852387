/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Arrays;
import java.util.Optional;

/**
 * The licences a generated driver may have: those for which a kernel gives a module its GPL-only
 * symbols (include/linux/license.h), without which there is no work queue and no wait queue.
 */
public enum Licence {
    /** Version 2 alone, as the kernel itself. */
    GPL_2_0("GPL-2.0", "GPL", "GPL-2.0 WITH Linux-syscall-note"),
    /** Version 2 or any later one. */
    GPL_2_0_OR_LATER("GPL-2.0-or-later", "GPL", "GPL-2.0-or-later WITH Linux-syscall-note"),
    /** The user's choice of two. */
    GPL_2_0_OR_MIT("GPL-2.0 OR MIT", "Dual MIT/GPL", "((GPL-2.0 WITH Linux-syscall-note) OR MIT)"),
    /** The user's choice of two. */
    GPL_2_0_OR_BSD(
            "GPL-2.0 OR BSD-3-Clause",
            "Dual BSD/GPL",
            "((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)");

    private final String spdx;
    private final String moduleLicense;
    private final String uapiSpdx;

    Licence(String spdx, String moduleLicense, String uapiSpdx) {
        this.spdx = spdx;
        this.moduleLicense = moduleLicense;
        this.uapiSpdx = uapiSpdx;
    }

    /** What follows {@code SPDX-License-Identifier:}, and the word that users type. */
    public String spdx() {
        return spdx;
    }

    /** What is said in {@code MODULE_LICENSE()}. */
    public String moduleLicense() {
        return moduleLicense;
    }

    /** The expression for headers that programs include, with the kernel's system call note. */
    public String uapiSpdx() {
        return uapiSpdx;
    }

    /** Finds a licence by its SPDX expression. */
    public static Optional<Licence> parse(String spdx) {
        return Arrays.stream(values()).filter(l -> l.spdx.equals(spdx)).findFirst();
    }
}
