/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import org.kmodscope.core.target.Stimulus;

/**
 * What to write to the device.
 *
 * @param kind how the writes follow one another
 * @param perSecond writes per second of a steady stimulus
 * @param bytes bytes of each write
 */
public record StimulusPlan(Kind kind, int perSecond, int bytes) {

    /** How many writes a burst has. */
    public static final int BURST = 1_000;

    /** How writes follow one another. */
    public enum Kind {
        /** One write. */
        SINGLE("One write"),
        /** {@link #BURST} writes as fast as the device takes them. */
        BURST("Burst of 1,000"),
        /** Evenly spaced, until it is ended. */
        STEADY("Steady");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** What users read. */
        public String title() {
            return title;
        }
    }

    public StimulusPlan {
        if (perSecond < 1 || bytes < 1) {
            throw new IllegalArgumentException(perSecond + " writes/s of " + bytes + " bytes");
        }
    }

    /** One write of this many bytes. */
    public static StimulusPlan single(int bytes) {
        return new StimulusPlan(Kind.SINGLE, 1, bytes);
    }

    /** Whether it goes on until somebody ends it. */
    public boolean endless() {
        return kind == Kind.STEADY;
    }

    Stimulus on(String device) {
        return switch (kind) {
            case SINGLE -> new Stimulus(device, 1, bytes, 0);
            case BURST -> new Stimulus(device, BURST, bytes, 0);
            case STEADY -> new Stimulus(device, Long.MAX_VALUE, bytes, perSecond);
        };
    }
}
