/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

/** The shapes of events. Each differs from all others without its colour. */
public enum Symbol {
    SOLID_SQUARE,
    OUTLINED_SQUARE,
    TRIANGLE_DOWN,
    HOLLOW_TRIANGLE_DOWN,
    TRIANGLE_UP,
    HOLLOW_TRIANGLE_UP,
    DIAMOND,
    RING,
    DISC,
    CROSS,
    PILL,
    TICK,
    WARNING,
    HAZARD;

    /** Whether its filling carries its colour, not its edge. */
    public boolean isSolid() {
        return this == SOLID_SQUARE || this == TRIANGLE_DOWN || this == TRIANGLE_UP;
    }
}
