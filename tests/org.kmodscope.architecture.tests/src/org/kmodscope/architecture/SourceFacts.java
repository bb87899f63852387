/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import java.util.List;

/**
 * A source file.
 *
 * @param path within the checkout, with {@code /}
 */
record SourceFacts(String path, List<String> lines) {

    boolean isTest() {
        return path.startsWith("tests/");
    }
}
