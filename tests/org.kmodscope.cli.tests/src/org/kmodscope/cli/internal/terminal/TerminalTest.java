/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kmodscope.cli.internal.terminal.Terminal.Verbosity;

class TerminalTest {

    @Test
    void dataGoesToStandardOutputAndAllElseToStandardError() {
        Screen screen = Screen.pipes();
        screen.terminal().data("data");
        screen.terminal().message("message");
        screen.terminal().warning("careful");
        screen.terminal().error("it broke", "mend it\nor not");
        screen.terminal().detail("not shown");
        assertEquals("data\n", screen.out());
        assertEquals(
                "message\nwarning: careful\nkmodscope: it broke\n  → mend it\n  → or not\n",
                screen.err());
    }

    @Test
    void quietKeepsErrorsAndData() {
        Screen screen = Screen.pipes();
        screen.terminal().configure(Verbosity.QUIET, true);
        screen.terminal().data("data");
        screen.terminal().message("message");
        screen.terminal().error("it broke", "");
        assertEquals("data\n", screen.out());
        assertEquals("kmodscope: it broke\n", screen.err());
    }

    @Test
    void verboseShowsDetails() {
        Screen screen = Screen.pipes();
        screen.terminal().configure(Verbosity.VERBOSE, true);
        screen.terminal().detail("make -C /x");
        assertEquals("make -C /x\n", screen.err());
    }

    @Test
    void colourIsForTerminalsOnly() {
        Screen tty = new Screen(Screen.TTY, Screen.TTY);
        tty.terminal().data(Style.GOOD, "ok");
        assertEquals("\u001b[32mok\u001b[0m\n", tty.out());
        Screen pipe = Screen.pipes();
        pipe.terminal().data(Style.GOOD, "ok");
        assertEquals("ok\n", pipe.out());
        Screen plain = new Screen(Screen.TTY, Screen.TTY);
        plain.terminal().configure(Verbosity.NORMAL, false);
        plain.terminal().data(Style.GOOD, "ok");
        plain.terminal().error("bad", "");
        assertEquals("ok\n", plain.out());
        assertEquals("kmodscope: bad\n", plain.err());
    }

    @Test
    void whatIsSaidStandsAboveTheStatusLine() {
        Screen screen = new Screen(Face.PIPE, Screen.TTY.plain());
        screen.terminal().status("working");
        screen.terminal().message("news");
        screen.terminal().status("");
        assertEquals("working\r\u001b[Knews\nworking\r\u001b[K", screen.err());
    }

    @Test
    void aStatusLineNeverWraps() {
        Screen screen = new Screen(Face.PIPE, Screen.TTY.plain());
        screen.terminal().status("x".repeat(200));
        assertEquals("x".repeat(58) + "…", screen.err());
    }

    @Test
    void itIsToldWhenNobodyReadsAnyMore() throws Exception {
        PipedInputStream reader = new PipedInputStream();
        PrintStream out = new PrintStream(new PipedOutputStream(reader), true);
        Terminal terminal = new Terminal(out, Face.PIPE, out, Face.PIPE);
        terminal.data("read");
        assertFalse(terminal.outputGone());
        reader.close();
        terminal.data("not read");
        assertTrue(terminal.outputGone());
        out.close();
    }

    @Test
    void aFileGetsNoStatusLine() {
        Screen screen = Screen.pipes();
        screen.terminal().status("working");
        assertEquals("", screen.err());
    }

    @Test
    void aBlockIsRedrawnInItsPlace() {
        Screen screen = new Screen(Screen.TTY.plain(), Screen.TTY.plain());
        screen.terminal().block(List.of("a 1", "b 1"));
        screen.terminal().block(List.of("a 2"));
        screen.terminal().block(List.of());
        screen.terminal().data("end");
        assertEquals("a 1\nb 1\n\u001b[2A\r\u001b[Ja 2\n\u001b[1A\r\u001b[Jend\n", screen.out());
    }

    @Test
    void aFaceIsReadFromTheEnvironment() {
        Face face =
                Face.of(0, StandardCharsets.US_ASCII, Map.of("COLUMNS", "100", "NO_COLOR", "1"));
        assertEquals(100, face.columns());
        assertFalse(face.colour());
        assertFalse(face.unicode());
        assertEquals("x", face.symbol("✗", "x"));
        Face wrong = Face.of(0, StandardCharsets.UTF_8, Map.of("COLUMNS", "wide"));
        assertEquals(80, wrong.columns());
        assertTrue(wrong.unicode());
    }

    @Test
    void aDescriptorThatIsNotOpenIsNoTerminal() {
        assertFalse(Face.of(987_654, StandardCharsets.UTF_8, Map.of()).tty());
    }

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table =
                new Table(Table.Column.words("KIND"), Table.Column.numbers("N"))
                        .row("SIGIO_IN", "7")
                        .row("LOST", "1,000");
        assertEquals(
                List.of("KIND          N", "SIGIO_IN      7", "LOST      1,000"),
                table.lines(Face.PIPE));
    }

    @Test
    void aTableWithoutRowsHasItsHeading() {
        assertEquals(
                List.of("ID  N"),
                new Table(Table.Column.words("ID"), Table.Column.numbers("N")).lines(Face.PIPE));
    }

    @Test
    void quantitiesHaveUnits() {
        assertEquals("0 ns", Quantity.nanos(0));
        assertEquals("999 ns", Quantity.nanos(999));
        assertEquals("1.00 us", Quantity.nanos(1_000));
        assertEquals("12.3 us", Quantity.nanos(12_300));
        assertEquals("123 ms", Quantity.nanos(123e6));
        assertEquals("2.00 s", Quantity.nanos(2e9));
        assertEquals("0.1 s", Quantity.seconds(123_000_000));
        assertEquals("12 B", Quantity.bytes(12));
        assertEquals("190 MB", Quantity.bytes(190_000_000));
        assertEquals("1.50 GB", Quantity.bytes(1_500_000_000));
        assertEquals("20,000", Quantity.count(20_000));
    }
}
