/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/** The answer to what the command line already names and a later version brings. */
final class NotYet {

    private NotYet() {}

    static KmodscopeException of(String what, String instead) {
        return new KmodscopeException(Kind.USAGE, "not yet: " + what, instead);
    }
}
