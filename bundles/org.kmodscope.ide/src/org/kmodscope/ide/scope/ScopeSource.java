/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

/** Who watches the device in the target. */
public enum ScopeSource {
    /** The C agent: starts at once, costs next to nothing. */
    AGENT("Agent"),
    /** The JNA bridge, in a Java runtime inside the target. */
    BRIDGE("JNA bridge");

    private final String title;

    ScopeSource(String title) {
        this.title = title;
    }

    /** What users read. */
    public String title() {
        return title;
    }
}
