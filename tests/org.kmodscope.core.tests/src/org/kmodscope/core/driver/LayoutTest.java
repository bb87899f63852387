/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Aligning and wrapping again, at the lengths that the design names: 1, 11 and 31. */
class LayoutTest {

    private static final String L1 = "a";
    private static final String L11 = "globalfifos";
    private static final String L31 = "abcdefghijklmnopqrstuvwxyz01234";

    private static List<Line> renamed(String text, String name) {
        var result = new ArrayList<Line>();
        for (var line : Text.lines(text)) {
            result.add(
                    new Line(
                            line,
                            line.replace("prefix", name)
                                    .replace("PREFIX", name.toUpperCase(java.util.Locale.ROOT))));
        }
        return result;
    }

    private static String code(String text, String name) {
        return Text.join(
                CodeLayout.layOut(ProseLayout.comments(ColumnLayout.align(renamed(text, name)))));
    }

    private static String markdown(String text, String name) {
        return Text.join(
                ProseLayout.markdown(renamed(text, name)).stream().map(Line::after).toList());
    }

    @Test
    void continuationLinesFollowTheirParenthesis() {
        var text = "\tret = prefix_call(one,\n\t\t\t  two(three,\n\t\t\t      four));\n";
        assertEquals("\tret = a_call(one,\n\t\t     two(three,\n\t\t\t four));\n", code(text, L1));
        assertEquals(
                "\tret = globalfifos_call(one,\n\t\t\t       two(three,\n\t\t\t\t   four));\n",
                code(text, L11));
    }

    @Test
    void otherIndentationStaysAsItWas() {
        var text = "\tret = prefix_call(\n\t\tone,\n\t\ttwo);\n";
        assertEquals("\tret = a_call(\n\t\tone,\n\t\ttwo);\n", code(text, L1));
    }

    @Test
    void whatWasWrappedAtTheMarginIsWrappedThereAgain() {
        var text =
                """
                static long prefix_ioctl(struct file *filp, unsigned int cmd, unsigned long a,
                			 unsigned long b)
                """;
        assertEquals(
                """
                static long a_ioctl(struct file *filp, unsigned int cmd, unsigned long a,
                		    unsigned long b)
                """,
                code(text, L1));
        assertEquals(
                """
                static long abcdefghijklmnopqrstuvwxyz01234_ioctl(struct file *filp,
                						  unsigned int cmd,
                						  unsigned long a,
                						  unsigned long b)
                """,
                code(text, L31));
    }

    @Test
    void aLineThatFitsIsJoinedAgain() {
        var text =
                """
                static int prefixprefixprefix(struct file *filp, unsigned int cmd,
                			      unsigned long b)
                """;
        assertEquals(
                "static int aaa(struct file *filp, unsigned int cmd, unsigned long b)\n",
                code(text, L1));
    }

    @Test
    void conditionsBreakBehindTheirOperators() {
        assertEquals(
                """
                	if (!abcdefghijklmnopqrstuvwxyz01234_size ||
                	    abcdefghijklmnopqrstuvwxyz01234_size > SZ_1M) {
                """,
                code("\tif (!prefix_size || prefix_size > SZ_1M) {\n", L31));
    }

    @Test
    void anAssignmentBreaksBehindItsSign() {
        assertEquals(
                """
                	struct abcdefghijklmnopqrstuvwxyz01234_file *file =
                		iocb->ki_filp->private_data;
                """,
                code("\tstruct prefix_file *file = iocb->ki_filp->private_data;\n", L31));
    }

    @Test
    void aBraceIsNeverLeftAlone() {
        var text = "static struct prefix_dev prefix_device_with_a_long_name = {\n\t.a = 1,\n};\n";
        assertEquals(text.replace("prefix", L31), code(text, L31));
    }

    @Test
    void stringsAreNotBroken() {
        assertEquals(
                """
                	pr_err("a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r",
                	       abcdefghijklmnopqrstuvwxyz01234_size);
                """,
                code(
                        "\tpr_err(\"a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r\",\n"
                                + "\t       prefix_size);\n",
                        L31));
    }

    @Test
    void parenthesesInStringsAndCommentsDoNotCount() {
        var text = "\tprefix(\"((\", '(', /* ( */ one,\n\t       two);\n";
        assertEquals("\ta(\"((\", '(', /* ( */ one,\n\t  two);\n", code(text, L1));
    }

    @Test
    void linesWithoutTheNameStayAsTheyAre() {
        var text =
                "\tcall(one,\n\t     two);\n"
                        + "\tvery_long_call_that_passes_the_margin_by_some_characters(number_one, two);\n";
        assertEquals(text, code(text, L31));
    }

    @Test
    void columnsAreAlignedAgain() {
        var text =
                """
                #define PREFIX_ONE	1	/* first */
                #define PREFIX_TWO	22	/* second */
                #define SEVENTEEN	3	/* third */
                """;
        assertEquals(
                """
                #define A_ONE		1	/* first */
                #define A_TWO		22	/* second */
                #define SEVENTEEN	3	/* third */
                """,
                code(text, L1));
        assertEquals(
                """
                #define ABCDEFGHIJKLMNOPQRSTUVWXYZ01234_ONE	1	/* first */
                #define ABCDEFGHIJKLMNOPQRSTUVWXYZ01234_TWO	22	/* second */
                #define SEVENTEEN				3	/* third */
                """,
                code(text, L31));
    }

    @Test
    void membersAndBackslashesAreColumns() {
        assertEquals(
                """
                	struct globalfifos_dev	*dev;
                	int			count;
                """,
                code("\tstruct prefix_dev	*dev;\n\tint			count;\n", L11));
        assertEquals(
                """
                #define f(x)				\\
                	do {				\\
                		globalfifos_f(x);	\\
                	} while (0)
                """,
                code(
                        "#define f(x)			\\\n\tdo {			\\\n" + "\t\tprefix_f(x);	\\\n\t} while (0)\n",
                        L11));
    }

    @Test
    void commentsAreFilledAgain() {
        var text =
                """
                /*
                 * The prefix is a device, and prefix_read() is what the kernel calls when a
                 * program reads from it.
                 *
                 *   prefix   drawing
                 *
                 * Nothing of the name here,
                 * so nothing moves.
                 */
                """;
        assertEquals(
                """
                /*
                 * The abcdefghijklmnopqrstuvwxyz01234 is a device, and
                 * abcdefghijklmnopqrstuvwxyz01234_read() is what the kernel calls when a
                 * program reads from it.
                 *
                 *   abcdefghijklmnopqrstuvwxyz01234   drawing
                 *
                 * Nothing of the name here,
                 * so nothing moves.
                 */
                """,
                code(text, L31));
    }

    @Test
    void aCommentOfOneLineBecomesABlock() {
        assertEquals(
                """
                	/*
                	 * The abcdefghijklmnopqrstuvwxyz01234 signals only those that have
                	 * asked.
                	 */
                """,
                code("\t/* The prefix signals only those that have asked. */\n", L31));
        assertEquals("\t/* The a signals. */\n", code("\t/* The prefix signals. */\n", L1));
    }

    @Test
    void markdownParagraphsAndItemsAreFilled() {
        var text =
                """
                # prefix

                The prefix driver is one that has a name, and this paragraph is longer than one line can be.

                - An item that is long enough to be wrapped, so that its second line hangs below it.
                - Short.

                | prefix | table |
                | --- | --- |

                ```
                code of prefix that is never touched, however long it may be and wherever it may end up
                ```
                """;
        assertEquals(
                """
                # globalfifos

                The globalfifos driver is one that has a name, and this paragraph is longer than
                one line can be.

                - An item that is long enough to be wrapped, so that its second line hangs below
                  it.
                - Short.

                | globalfifos | table |
                | --- | --- |

                ```
                code of globalfifos that is never touched, however long it may be and wherever it may end up
                ```
                """,
                markdown(text, L11));
    }
}
