/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

/**
 * A template's line and what the user's names made of it, before anything was aligned again.
 *
 * @param before as it stands in the template
 * @param after with the names replaced
 */
record Line(String before, String after) {

    boolean changed() {
        return !before.equals(after);
    }
}
