/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.matrix.MatrixCell;
import org.kmodscope.core.matrix.MatrixReport;
import org.kmodscope.core.matrix.MatrixRow;
import org.kmodscope.core.matrix.MatrixStep;
import org.kmodscope.core.matrix.MatrixVerdict;
import org.kmodscope.ide.results.MatrixBoard;
import org.kmodscope.ide.results.MatrixBoard.Square;
import org.kmodscope.ide.results.RunRecord.Trouble;
import org.kmodscope.ide.results.ToolMessages;

/** A run on all kernels while it goes on and afterwards. */
class MatrixBoardTest {

    private static final String OLD = "debian-5.10";
    private static final String NEW = "debian-6.12";

    private final int[] changes = new int[1];

    private MatrixBoard board(Path directory) {
        return new MatrixBoard(
                "ringfifo", directory, Instant.EPOCH, List.of(OLD, NEW), () -> changes[0]++);
    }

    private static MatrixCell cell(MatrixVerdict verdict, String text, String... details) {
        return new MatrixCell(verdict, text, Duration.ofMillis(1_200), List.of(details));
    }

    @Test
    void showsWhatIsDoneAndWhatIsBeingDone(@TempDir Path directory) {
        MatrixBoard board = board(directory);
        assertEquals(new Square.Waiting(), board.square(OLD, MatrixStep.BUILD));
        board.started(OLD, MatrixStep.BUILD);
        board.progress(OLD, "ringfifo_main.o");
        assertEquals(new Square.Running("ringfifo_main.o"), board.square(OLD, MatrixStep.BUILD));
        MatrixCell good = cell(MatrixVerdict.PASSED, "ok");
        board.ended(OLD, MatrixStep.BUILD, good);
        board.progress(OLD, "late");
        assertEquals(new Square.Done(good), board.square(OLD, MatrixStep.BUILD));
        assertEquals("Running on 2 kernels", board.headline());
        assertTrue(board.running());
        assertEquals(4, changes[0]);
    }

    @Test
    void saysHowManyKernelsNeedAttention(@TempDir Path directory) {
        MatrixBoard board = board(directory);
        board.ended(NEW, MatrixStep.LOAD, cell(MatrixVerdict.FAILED, "failed"));
        assertEquals("1 of 2 kernels needs attention", board.headline());
        board.failed(Trouble.STOPPED);
        assertFalse(board.running());
    }

    @Test
    void aRunThatWasStoppedIsNotASuccess(@TempDir Path directory) {
        MatrixBoard board = board(directory);
        board.failed(Trouble.STOPPED);
        assertEquals("Not complete", board.headline());
    }

    @Test
    void findsTheLogThatSaysMost(@TempDir Path directory) throws Exception {
        MatrixBoard board = board(directory);
        assertEquals(Optional.empty(), board.log(OLD, MatrixStep.LOAD));
        Path logs = Files.createDirectories(directory.resolve("build/matrix").resolve(OLD));
        Path kernel = Files.createFile(logs.resolve("kernel.log"));
        assertEquals(Optional.of(kernel), board.log(OLD, MatrixStep.LOAD));
        Path console = Files.createFile(logs.resolve("console.log"));
        assertEquals(Optional.of(console), board.log(OLD, MatrixStep.SPLATS));
        assertEquals(Optional.empty(), board.log(OLD, MatrixStep.BUILD));
    }

    @Test
    void aMessageOfSeveralKernelsIsMarkedOnce(@TempDir Path directory) {
        String warning = "ringfifo_main.c:12:5: warning: unused variable 'x'";
        MatrixCell warned = cell(MatrixVerdict.FAILED, "1", warning, "make: something else");
        List<MatrixRow> rows =
                List.of(OLD, NEW).stream()
                        .map(
                                id ->
                                        new MatrixRow(
                                                id,
                                                Map.of(MatrixStep.WARNINGS, warned),
                                                List.of(),
                                                directory,
                                                Duration.ofSeconds(9)))
                        .toList();
        MatrixCell style = cell(MatrixVerdict.PASSED, "0");
        assertEquals(
                List.of(
                        new Diagnostic(
                                "ringfifo_main.c",
                                12,
                                5,
                                Diagnostic.Severity.WARNING,
                                "unused variable 'x'")),
                ToolMessages.of(new MatrixReport(style, rows, Duration.ofSeconds(9))));
    }
}
