/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;

/** Without a lab: the bugs still fit the template, and one that does not is noticed. */
class SeededBugTest {

    private static final String MODULE = "bugfifo_00";
    private static final String EDIT = "\n<<<<\nglobalfifo();\n====\nnothing();\n>>>>\n";
    private static final String BUG = "says: it is wrong\ncaught by: rule a.b\n" + EDIT;

    @TempDir Path work;

    static Stream<SeededBug> bugs() throws Exception {
        return SeededBug.all().stream();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void itFitsTheTemplate(SeededBug bug) throws Exception {
        new TemplateRenderer(TemplateSource.classLoader(SeededBugTest.class.getClassLoader()))
                .render(DriverSpec.named(MODULE).build())
                .writeTo(work.resolve(MODULE));
        bug.putInto(work.resolve(MODULE), MODULE);
    }

    @Test
    void anEditIsMadeUnderTheDriversName() throws Exception {
        Path file = Files.writeString(work.resolve(MODULE + ".c"), "{\n" + MODULE + "();\n}\n");
        SeededBug.parse("bug", BUG).putInto(work, MODULE);
        assertEquals("{\nnothing();\n}\n", Files.readString(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other();\n", "bugfifo_00();\nbugfifo_00();\n"})
    void anEditFitsOnceOrFails(String text) throws Exception {
        Files.writeString(work.resolve(MODULE + ".c"), text);
        SeededBug bug = SeededBug.parse("bug", BUG);
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> bug.putInto(work, MODULE));
        assertTrue(failure.getMessage().contains("bugfifo_00();"), failure::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "caught by: rule a.b\n" + EDIT,
                "says: it is wrong\ncaught by: luck\n" + EDIT,
                "says: it is wrong\ncaught by: rule a.b\n\n<<<<\nx\n>>>>\n",
                BUG + "and more\n"
            })
    void whatHasNotTheFormIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> SeededBug.parse("bug", text));
    }
}
