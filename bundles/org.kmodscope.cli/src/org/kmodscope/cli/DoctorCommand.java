/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Table;
import org.kmodscope.cli.internal.terminal.Table.Cell;
import org.kmodscope.cli.internal.terminal.Table.Column;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import picocli.CommandLine.Command;

/** {@code doctor}: what this machine has and lacks. */
@Command(
        name = "doctor",
        description =
                "Looks for all that kmodscope uses: what it is for, and what brings it."
                        + " Exit code 3 when something necessary is missing.")
final class DoctorCommand implements Callable<Integer> {

    private final Tool tool;

    DoctorCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        Checkup checkup = new Checkup(new Machine.This(), tool.parts().cache().root());
        return report(tool.terminal(), checkup.run()).code();
    }

    /** Shows the findings and what to do about them. */
    static Exit report(Terminal terminal, List<Checkup.Finding> findings) {
        Face face = terminal.outFace();
        Table table =
                new Table(
                        Column.words(" "),
                        Column.words("WHAT"),
                        Column.words("FOR"),
                        Column.words("STATE"));
        for (Checkup.Finding finding : findings) {
            table.row(
                    List.of(
                            mark(face, finding.state()),
                            new Cell(finding.name(), Style.PLAIN),
                            new Cell(finding.purpose(), Style.FAINT),
                            new Cell(finding.detail(), Style.PLAIN)));
        }
        table.lines(face).forEach(terminal::data);
        List<Checkup.Finding> open =
                findings.stream().filter(finding -> !finding.remedy().isEmpty()).toList();
        List<String> packages =
                findings.stream().flatMap(finding -> finding.debianPackage().stream()).toList();
        if (!open.isEmpty() || !packages.isEmpty()) {
            terminal.data("");
        }
        for (Checkup.Finding finding : open) {
            Cell mark = mark(face, finding.state());
            terminal.data(
                    face.paint(mark.style(), mark.text())
                            + " "
                            + finding.name()
                            + ": "
                            + finding.remedy());
        }
        if (!packages.isEmpty()) {
            terminal.data(
                    "To install what was not found: sudo apt install "
                            + String.join(" ", packages));
        }
        boolean missing = findings.stream().anyMatch(one -> one.state() == Checkup.State.MISSING);
        return missing ? Exit.MISSING : Exit.SUCCESS;
    }

    private static Cell mark(Face face, Checkup.State state) {
        return switch (state) {
            case GOOD -> new Cell(face.symbol("✓", "ok"), Style.GOOD);
            case NOTE -> new Cell("!", Style.WARNING);
            case MISSING -> new Cell(face.symbol("✗", "no"), Style.BAD);
        };
    }
}
