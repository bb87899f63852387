/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.util.Collection;
import java.util.Collections;
import org.kmodscope.core.KmodscopeException;

/** How something ended. Each outweighs those before it: a fault that was found is certain. */
public enum MatrixVerdict {
    PASSED,
    /** Not done, for a reason that is nobody's fault. */
    SKIPPED,
    /** This machine lacks something. */
    MISSING,
    /** The lab broke; nothing is said about the driver. */
    BROKEN,
    /** The driver failed. */
    FAILED;

    /** The one that outweighs the others; {@link #PASSED} when there are none. */
    public static MatrixVerdict worst(Collection<MatrixVerdict> all) {
        return all.isEmpty() ? PASSED : Collections.max(all);
    }

    static MatrixVerdict of(KmodscopeException.Kind kind) {
        return switch (kind) {
            case FAILED, USAGE -> FAILED;
            case MISSING -> MISSING;
            case LAB -> BROKEN;
        };
    }
}
