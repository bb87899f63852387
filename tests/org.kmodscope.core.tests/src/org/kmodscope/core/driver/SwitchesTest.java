/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwitchesTest {

    private static final Set<String> KNOWN = Set.of("KMOD_A", "KMOD_B");

    private static String select(String text, String... on) throws TemplateException {
        return Text.join(new Switches(KNOWN, Set.of(on)).select(Text.lines(text), true));
    }

    @Test
    void ifdefKeepsWhatIsOnAndDropsWhatIsOff() throws TemplateException {
        var text = "int a;\n#ifdef KMOD_A\nint b;\n#endif\nint c;\n";
        assertEquals("int a;\nint b;\nint c;\n", select(text, "KMOD_A"));
        assertEquals("int a;\nint c;\n", select(text));
    }

    @Test
    void ifndefIsTheOpposite() throws TemplateException {
        var text = "#ifndef KMOD_A\nint b;\n#endif\nint c;\n";
        assertEquals("int c;\n", select(text, "KMOD_A"));
        assertEquals("int b;\nint c;\n", select(text));
    }

    @Test
    void elseChooses() throws TemplateException {
        var text = "#ifdef KMOD_A\nint a;\n#else\nint b;\n#endif\n";
        assertEquals("int a;\n", select(text, "KMOD_A"));
        assertEquals("int b;\n", select(text));
    }

    @Test
    void switchesNest() throws TemplateException {
        var text =
                """
                #ifdef KMOD_A
                int a;
                #ifdef KMOD_B
                int ab;
                #else
                int a_only;
                #endif
                #else
                int none;
                #endif
                """;
        assertEquals("int a;\nint ab;\n", select(text, "KMOD_A", "KMOD_B"));
        assertEquals("int a;\nint a_only;\n", select(text, "KMOD_A"));
        assertEquals("int none;\n", select(text, "KMOD_B"));
    }

    @Test
    void otherDirectivesStay() throws TemplateException {
        var text =
                """
                #if LINUX_VERSION_CODE < KERNEL_VERSION(5, 16, 0)
                #ifdef KMOD_A
                #define X 1
                #endif
                #elif defined(CONFIG_COMPAT)
                #define X 2
                #else
                #define X 3
                #endif
                # endif_is_no_directive
                """;
        assertEquals(
                """
                #if LINUX_VERSION_CODE < KERNEL_VERSION(5, 16, 0)
                #elif defined(CONFIG_COMPAT)
                #define X 2
                #else
                #define X 3
                #endif
                # endif_is_no_directive
                """,
                select(text));
    }

    @Test
    void foreignConditionalsInsideWhatIsOffGoWithIt() throws TemplateException {
        var text =
                "#ifdef KMOD_A\n#ifdef CONFIG_X\nint a;\n#else\nint b;\n#endif\n#endif\nint c;\n";
        assertEquals("int c;\n", select(text));
        assertEquals(
                "#ifdef CONFIG_X\nint a;\n#else\nint b;\n#endif\nint c;\n", select(text, "KMOD_A"));
    }

    @Test
    void nothingIsLeftOfWhereSomethingWasCutOut() throws TemplateException {
        var text =
                """
                #ifdef KMOD_A
                int first;
                #endif

                int f(void)
                {
                #ifdef KMOD_A
                	int a;

                #endif

                	g();

                #ifdef KMOD_A
                	h();
                #endif
                }

                #ifdef KMOD_A
                int last;
                #endif
                """;
        assertEquals("int f(void)\n{\n\tg();\n}\n", select(text));
    }

    @Test
    void commentsHaveNoScarsEither() throws TemplateException {
        var text =
                """
                /*
                 * #ifdef KMOD_A
                 * a
                 * #endif
                 *
                 * Text.
                 * #ifdef KMOD_A
                 *
                 * More.
                 * #else
                 *
                 * #endif
                 */
                """;
        assertEquals("/*\n * Text.\n */\n", select(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#ifdef KMOD_A\nint a;\n",
                "int a;\n#endif\n",
                "#else\n",
                "#ifdef KMOD_A\n#else\n#else\n#endif\n",
                "#ifdef KMOD_A\n#elif KMOD_B\n#endif\n",
                "#ifdef KMOD_A\n#endif /* KMOD_A */\n",
                "#ifdef  KMOD_A\n#endif\n",
                "# ifdef KMOD_A\n# endif\n",
                " #ifdef KMOD_A\n",
                "#if defined(KMOD_A)\n#endif\n",
                "#ifdef KMOD_C\n#endif\n",
                "#define KMOD_A\n",
                "int KMOD_A;\n",
                "#if 1\n#ifdef KMOD_A\n#endif\n",
            })
    void whatIsNotInTheVocabularyIsRefused(String text) {
        var refused = assertThrows(TemplateException.class, () -> select(text));
        assertTrue(refused.getMessage().startsWith("line "), refused.getMessage());
    }

    @Test
    void theRefusalNamesTheLine() {
        var text = "int a;\nint b;\n#ifdef KMOD_C\n#endif\n";
        var refused = assertThrows(TemplateException.class, () -> select(text));
        assertEquals("line 3: there is no switch KMOD_C", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f(a,\n#ifdef KMOD_A\n  b,\n#endif\n  c);\n",
                "int a =\n#ifdef KMOD_A\n1;\n#else\n2;\n#endif\n",
                "static int\n#ifdef KMOD_A\nf(void);\n#else\ng(void);\n#endif\n",
            })
    void aSwitchMayNotCutAStatement(String text) {
        var refused = assertThrows(TemplateException.class, () -> select(text));
        assertTrue(refused.getMessage().contains("cuts a statement"), refused.getMessage());
    }

    @Test
    void aParenthesisInAStringOrCommentIsNoCut() throws TemplateException {
        var text = "f(\"(\", '(', /* ( */ a);\n#ifdef KMOD_A\ng();\n#endif\n";
        assertEquals("f(\"(\", '(', /* ( */ a);\n", select(text));
    }
}
