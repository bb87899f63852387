/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.cli.internal.terminal.Question;
import org.kmodscope.cli.internal.terminal.Screen;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.target.Prompt;
import picocli.CommandLine;

/** What is asked before a driver goes into a kernel that matters. */
class LoadableTest {

    @TempDir Path place;
    private final Screen screen = Screen.pipes();
    private Tool tool;
    private Loadable driver;

    @BeforeEach
    void driver() throws Exception {
        tool =
                new Tool(
                        screen.terminal(),
                        new Interruption(Thread.currentThread(), () -> {}),
                        new Composition(
                                Map.of("XDG_CACHE_HOME", place.resolve("cache").toString()),
                                Prompt.NOBODY,
                                failure -> {}));
        Path module = Files.writeString(place.resolve("fifo.ko"), "code");
        driver = new Loadable(module, LabPasses.of(module));
    }

    private static LabOptions options(String... arguments) {
        return CommandLine.populateCommand(new LabOptions(), arguments);
    }

    private Question nobody() {
        return new Question(screen.terminal(), Optional.empty());
    }

    private Question person(String typed) {
        return new Question(
                screen.terminal(), Optional.of(new BufferedReader(new StringReader(typed))));
    }

    private KmodscopeException refused(Question question) {
        LabOptions local = options("--target", "local");
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> driver.consent(tool, local, question));
        assertEquals(KmodscopeException.Kind.USAGE, failure.kind());
        assertTrue(screen.err().contains("fifo.ko has not passed a lab run"), screen.err());
        return failure;
    }

    @Test
    void whereNobodyCanBeAskedYesHasToBeSaid() throws Exception {
        assertTrue(refused(nobody()).remedy().contains("--yes"));
        driver.consent(tool, options("--target", "local", "--yes"), nobody());
    }

    @Test
    void aPersonIsAskedAndOnlyYesIsYes() throws Exception {
        for (String typed : new String[] {"", "\n", "n\n", "yesterday\n", "no\n"}) {
            assertFalse(refused(person(typed)).remedy().contains("--yes"));
        }
        LabOptions local = options("--target", "local");
        driver.consent(tool, local, person("y\n"));
        driver.consent(tool, local, person(" YES \n"));
        assertTrue(screen.err().contains("Load it into this machine's own kernel? [y/N] "));
    }

    @Test
    void whatHasPassedInALabIsNotAskedAbout() throws Exception {
        driver.passed(tool, options("--kernel", "debian-6.12"));
        driver.consent(tool, options("--target", "local"), nobody());
        assertTrue(screen.err().contains("has passed in a lab (debian-6.12)"), screen.err());
    }

    @Test
    void whatPassedHereProvesNothingAndALabNeedsNoConsent() throws Exception {
        LabOptions local = options("--target", "local");
        driver.passed(tool, local);
        refused(nobody());
        driver.consent(tool, options(), nobody());
        driver.consent(tool, options("--target", "uml"), nobody());
    }

    @Test
    void theKernelToBuildForIsThisMachinesOwn() {
        assertEquals("host", options("--target", "local").kernel());
        assertEquals("uml-debug", options("--target", "uml").kernel());
    }
}
