/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.help;

import java.util.List;

/** A part of a text, from one blank line to the next. */
sealed interface Block {

    /**
     * @param level 1 for the title, 2 for sections, 3 for parts of sections
     */
    record Heading(int level, String text) implements Block {}

    /** Some sentences. */
    record Paragraph(Marked text) implements Block {}

    /**
     * One of a list.
     *
     * @param mark a bullet, or its number
     */
    record Item(String mark, Marked text) implements Block {}

    /** Lines of code as they are. */
    record Code(String text) implements Block {}

    /** Cells by rows, the first of which is the heading; all rows are of one length. */
    record Table(List<List<Marked>> rows) implements Block {}
}
