/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.cli.internal.terminal.Interruptions;
import org.kmodscope.cli.internal.terminal.Screen;
import org.kmodscope.cli.internal.terminal.Terminal.Verbosity;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

class FailuresTest {

    private final Screen screen = Screen.pipes();
    private final Failures failures =
            new Failures(screen.terminal(), new Interruption(Thread.currentThread(), () -> {}));

    @ParameterizedTest
    @CsvSource({"FAILED,1", "USAGE,2", "MISSING,3", "LAB,4"})
    void eachKindHasItsCode(Kind kind, int code) {
        assertEquals(code, failures.report(new KmodscopeException(kind, "What.", "Do this.")));
        assertEquals("kmodscope: What.\n  → Do this.\n", screen.err());
    }

    @Test
    void anInterruptionIsNoFailure() {
        assertEquals(130, failures.report(new InterruptedException()));
        assertEquals(130, failures.report(new OperationCanceledException()));
        assertEquals("kmodscope: interrupted\nkmodscope: interrupted\n", screen.err());
    }

    @Test
    void whatBreaksWhileACommandIsCancelledIsNotReported() {
        Fixture fixture =
                new Fixture(
                        screen,
                        () -> {
                            throw new KmodscopeException(Kind.LAB, "the lab vanished", "");
                        });
        Interruptions.ctrlC(fixture.interruption());
        assertEquals(130, fixture.run("kernels"));
        assertFalse(screen.err().contains("vanished"), screen.err());
        assertTrue(Thread.interrupted());
    }

    @Test
    void aFullDiskIsSomethingTheMachineLacks() {
        Exception cause = new FileSystemException("/x", null, "No space left on device");
        assertEquals(3, failures.report(new UncheckedIOException("copy", new IOException(cause))));
        assertTrue(screen.err().contains("Make room"), screen.err());
    }

    @Test
    void aPathThatTheLocaleCannotSpellIsWrongUse() {
        assertEquals(2, failures.report(new InvalidPathException("/t\u00fcr", "unmappable")));
        assertTrue(screen.err().contains("LC_ALL=C.UTF-8"), screen.err());
    }

    @Test
    void anErrorOfKmodscopeItselfShowsItsStackOnlyWhenAsked() {
        assertEquals(4, failures.report(new IllegalStateException("oops")));
        assertTrue(screen.err().contains("--verbose"), screen.err());
        assertFalse(screen.err().contains("\tat "), screen.err());
        screen.terminal().configure(Verbosity.VERBOSE, true);
        assertEquals(4, failures.report(new IllegalStateException("oops")));
        assertTrue(screen.err().contains("\tat "), screen.err());
    }

    @Test
    void anErrorInACommandIsReportedToo() {
        Fixture fixture =
                new Fixture(
                        screen,
                        () -> {
                            throw new NoClassDefFoundError("org/kmodscope/Missing");
                        });
        assertEquals(4, fixture.run("kernels"));
        assertTrue(screen.err().contains("org/kmodscope/Missing"), screen.err());
    }
}
