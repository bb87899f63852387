/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kmodscope.cli.internal.terminal.Screen;
import org.kmodscope.core.driver.CiSystem;
import org.kmodscope.core.target.Prompt;

/** Workflow files: where they go, and that the command in them is one that there is. */
class WorkflowTest {

    private static final Pattern COMMAND =
            Pattern.compile("(?m)kmodscope (matrix (?:[^\\n]|\\n +--)*)$");

    @TempDir Path place;

    private int run(String... arguments) {
        Map<String, String> environment =
                Map.of("HOME", place.toString(), "XDG_CACHE_HOME", place.resolve("c").toString());
        return new Fixture(
                        Screen.pipes(), new Composition(environment, Prompt.NOBODY, failure -> {}))
                .run(arguments);
    }

    @ParameterizedTest
    @EnumSource(CiSystem.class)
    void aProjectGetsItsFileAndTheCommandInItIsUnderstood(CiSystem system) throws Exception {
        Path project = place.resolve("driver");
        assertEquals(0, run("new", project.toString(), "--name", "fifo", "--ci", system.word()));
        String text = Files.readString(project.resolve(system.path()));
        Matcher command = COMMAND.matcher(text);
        assertTrue(command.find(), text);
        List<String> arguments = new ArrayList<>();
        for (String word : command.group(1).replaceAll("\\$\\{\\{[^}]*\\}\\}", "1").split("\\s+")) {
            arguments.add(word.replace("\"$CI_NODE_INDEX/$CI_NODE_TOTAL\"", "1/5"));
        }
        // A project that is not there ends it before anything is done, and after all was parsed.
        int directory = arguments.indexOf("driver") + arguments.indexOf(".") + 1;
        arguments.set(directory, place.resolve("nowhere").toString());
        Fixture fixture = Fixture.withoutParts();
        assertEquals(2, fixture.run(arguments.toArray(String[]::new)));
        assertTrue(fixture.err().contains("There is no project directory"), fixture.err());
    }

    @Test
    void aProjectThatIsThereGetsItOnceAndNothingIsReplaced() throws Exception {
        Path project = place.resolve("driver");
        assertEquals(0, run("new", project.toString(), "--name", "fifo"));
        Path file = project.resolve(CiSystem.GITLAB.path());
        assertEquals(0, run("matrix", project.toString(), "--write-ci", "gitlab"));
        assertTrue(Files.readString(file).contains("kmodscope matrix"));
        Files.writeString(file, "mine");
        assertEquals(2, run("matrix", project.toString(), "--write-ci", "gitlab"));
        assertEquals("mine", Files.readString(file));
    }
}
