/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kmodscope.ide.DriverTools;

class MarkdownTest {

    @Test
    void readsEachKindOfBlock() {
        assertEquals(
                List.of(
                        new Block.Heading(1, "Title"),
                        new Block.Paragraph(new Marked("Some words.", List.of())),
                        new Block.Item("•", new Marked("one", List.of())),
                        new Block.Item("2.", new Marked("two", List.of())),
                        new Block.Code("\tif (x)\n\n| no table |"),
                        new Block.Heading(3, "End")),
                Markdown.parse(
                        """
                        # Title

                        Some words.
                        - one
                        2. two
                        ```c
                        \tif (x)

                        | no table |
                        ```
                        ### End
                        """));
    }

    @Test
    void readsATableWithItsEscapes() {
        var table =
                (Block.Table)
                        Markdown.parse("| a | b |\n| --- | --- |\n| `x \\| y` | |").getFirst();
        assertEquals(
                List.of(List.of("a", "b"), List.of("x | y", "")),
                table.rows().stream().map(row -> row.stream().map(Marked::text).toList()).toList());
    }

    @Test
    void marksAreOffTheTextAndTheirPlacesAreKept() {
        Marked marked = Marked.parse("**Copy** the `kiocb`, 2 * 3 ** 4 and a ` alone");
        assertEquals("Copy the kiocb, 2 * 3 ** 4 and a ` alone", marked.text());
        assertEquals(
                List.of(new Marked.Span(0, 4, false), new Marked.Span(9, 5, true)), marked.spans());
    }

    @Test
    void codeMayStandInWhatIsEmphasized() {
        Marked marked = Marked.parse("a **b `c` d** e");
        assertEquals("a b c d e", marked.text());
        assertEquals(
                List.of(
                        new Marked.Span(2, 2, false),
                        new Marked.Span(4, 1, true),
                        new Marked.Span(5, 2, false)),
                marked.spans());
    }

    @Test
    void codeThatIsNotEndedEndsWithTheText() {
        assertEquals(List.of(new Block.Code("int x;")), Markdown.parse("```c\nint x;"));
    }

    /** The guide itself is in the form that is read here. */
    @Test
    void readsTheGuide() throws Exception {
        var sections = Markdown.sections(DriverTools.installed().templates().guide());
        assertEquals("Old drivers and new ones", sections.getFirst().title());
        assertTrue(sections.size() > 5);
        var blocks = sections.stream().flatMap(section -> section.blocks().stream()).toList();
        for (Block block : blocks) {
            if (block instanceof Block.Table table) {
                int columns = table.rows().getFirst().size();
                table.rows().forEach(row -> assertEquals(columns, row.size(), row.toString()));
            }
        }
        Stream<Marked> texts =
                blocks.stream()
                        .flatMap(
                                block ->
                                        switch (block) {
                                            case Block.Paragraph one -> Stream.of(one.text());
                                            case Block.Item one -> Stream.of(one.text());
                                            case Block.Table table ->
                                                    table.rows().stream().flatMap(List::stream);
                                            case Block.Heading one -> Stream.<Marked>empty();
                                            case Block.Code one -> Stream.<Marked>empty();
                                        });
        texts.forEach(
                marked -> {
                    assertFalse(marked.text().contains("`"), marked.text());
                    assertFalse(marked.text().contains("**"), marked.text());
                });
    }
}
