/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

/**
 * The colours of kmodscope, by their names in the theme registry. Light values are in {@code
 * plugin.xml}, dark ones in {@code css/dark.css}; users change both on the page Colors and Fonts.
 *
 * <p>Hues belong to kinds of events alone; the frame of the picture is grey.
 */
public enum ScopeColor {
    WRITE("write"),
    GENERATED_IN("generatedIn"),
    GENERATED_OUT("generatedOut"),
    SIGIO_IN("sigioIn"),
    SIGIO_IN_EDGE("sigioInEdge"),
    SIGIO_OUT("sigioOut"),
    READ("read"),
    READ_FILL("readFill"),
    AIO("aio"),
    AIO_PENDING("aioPending"),
    WORK("work"),
    WORK_FILL("workFill"),
    LOG("log"),
    LOST("lost"),
    LOST_INK("lostInk"),
    LOST_WASH("lostWash"),
    RECORDING("recording"),
    CANVAS("canvas"),
    GUTTER("gutter"),
    INK("ink"),
    MUTED("muted"),
    GRID("grid"),
    RULE("rule"),
    CAPTION_CAUSE("captionCause"),
    CAPTION_NOTIFICATION("captionNotification"),
    CAPTION_AIO("captionAio"),
    CAPTION_KERNEL("captionKernel"),
    CHAIN_ROW("chainRow"),
    NOTE("note"),
    LINK("link"),
    RESULT_GOOD("resultGood"),
    RESULT_BAD("resultBad");

    private static final String PREFIX = "org.kmodscope.ui.color.";

    private final String id;

    ScopeColor(String name) {
        id = PREFIX + name;
    }

    /** The identifier in the theme registry. */
    public String id() {
        return id;
    }
}
