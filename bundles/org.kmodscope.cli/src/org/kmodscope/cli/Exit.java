/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.core.KmodscopeException;

/** What the process returns; users put it into their CI. */
enum Exit {
    SUCCESS(0),
    /** The thing examined failed: a build, a probe, a load. */
    FAILED(1),
    USAGE(2),
    /** The machine lacks something. */
    MISSING(3),
    /** The lab, or kmodscope itself, broke: nothing is said about the thing examined. */
    BROKEN(4),
    INTERRUPTED(Interruption.EXIT);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Exit of(KmodscopeException.Kind kind) {
        return switch (kind) {
            case FAILED -> FAILED;
            case USAGE -> USAGE;
            case MISSING -> MISSING;
            case LAB -> BROKEN;
        };
    }
}
