/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.Arrays;
import java.util.Optional;

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

    /** The one whose {@link #name} was written down; empty when that says none. */
    public static Optional<ScopeSource> named(String name) {
        return Arrays.stream(values()).filter(source -> source.name().equals(name)).findFirst();
    }

    /** What users read. */
    public String title() {
        return title;
    }
}
