/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import org.kmodscope.core.target.IoModel;
import org.kmodscope.ide.scope.IoOffer;

/** How models of I/O look: in the hue of what tells them that there is data. */
public final class ModelLook {

    private ModelLook() {}

    /** The hue of a family. */
    public static ScopeColor color(IoOffer.Family family) {
        return switch (family) {
            case NOTIFICATION -> ScopeColor.SIGIO_IN;
            case WAITING -> ScopeColor.READ;
            case COMPLETION -> ScopeColor.AIO;
        };
    }

    /** The hue of a line or an edge. */
    public static ScopeColor line(IoOffer.Family family) {
        return family == IoOffer.Family.NOTIFICATION ? ScopeColor.SIGIO_IN_EDGE : color(family);
    }

    /** A ground for text in this hue. */
    public static ScopeColor ground(IoOffer.Family family) {
        return switch (family) {
            case NOTIFICATION -> ScopeColor.CAPTION_NOTIFICATION;
            case WAITING -> ScopeColor.READ_FILL;
            case COMPLETION -> ScopeColor.CAPTION_AIO;
        };
    }

    /** The family of the model that tells what comes from a source. */
    public static IoOffer.Family family(String source) {
        return IoOffer.family(IoModel.wordOf(source).orElse(source));
    }

    /** What users call the model that tells what comes from a source. */
    public static String title(String source) {
        return IoOffer.title(IoModel.wordOf(source).orElse(source));
    }
}
