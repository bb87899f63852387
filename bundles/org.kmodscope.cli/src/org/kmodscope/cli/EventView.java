/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.cli.internal.terminal.Quantity;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Table;
import org.kmodscope.cli.internal.terminal.Table.Cell;
import org.kmodscope.cli.internal.terminal.Table.Column;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.EventSnapshot.SourceTotals;
import org.kmodscope.core.event.Hop;
import org.kmodscope.core.event.LatencyRow;
import org.kmodscope.core.event.SignalOutcome;
import org.kmodscope.core.event.TurnTotals;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.TargetInfo;

/** Turns snapshots into lines of text; holds no state. */
final class EventView {

    /**
     * What a line of a log has room for: beginnings have ends, signals arrive, and loss has a place
     * of its own.
     */
    private static final Set<EventKind> IN_SUMMARY =
            EnumSet.complementOf(
                    EnumSet.of(
                            EventKind.READ_START,
                            EventKind.WRITE_START,
                            EventKind.SIGNAL_GENERATED,
                            EventKind.WORK_START,
                            EventKind.WORK_END,
                            EventKind.KERNEL_LOG,
                            EventKind.MARKER,
                            EventKind.OVERFLOW,
                            EventKind.LOST));

    private final Face face;
    private final TargetInfo target;

    EventView(Face face, TargetInfo target) {
        this.face = face;
        this.target = target;
    }

    /** How often each kind came, by source. */
    List<String> counts(EventSnapshot snapshot, Duration elapsed) {
        Table table =
                new Table(
                        Column.words("SOURCE"),
                        Column.words("KIND"),
                        Column.numbers("EVENTS"),
                        Column.numbers("PER SECOND"));
        double seconds = Math.max(1e-3, elapsed.toNanos() / 1e9);
        for (SourceTotals source : snapshot.sources()) {
            for (EventKind kind : EventKind.values()) {
                long count = source.counts().getOrDefault(kind, 0L);
                if (count > 0) {
                    table.row(
                            List.of(
                                    new Cell(source.name(), Style.PLAIN),
                                    new Cell(kind.name(), style(kind)),
                                    new Cell(Quantity.count(count), Style.PLAIN),
                                    new Cell(
                                            String.format(Locale.ROOT, "%,.1f", count / seconds),
                                            Style.FAINT)));
                }
            }
        }
        return table.lines(face);
    }

    /** How long each hop of the chain took, and what such a time is worth. */
    List<String> latencies(EventSnapshot snapshot) {
        if (snapshot.latencies().stream().allMatch(row -> row.count() == 0)) {
            return List.of("No latency: no event was followed by its partner.");
        }
        Table table =
                new Table(
                        Column.words("HOP"),
                        Column.numbers("COUNT"),
                        Column.numbers("P50"),
                        Column.numbers("P90"),
                        Column.numbers("P99"),
                        Column.numbers("MAX"));
        for (LatencyRow row : snapshot.latencies()) {
            if (row.count() > 0 && row.hop() != Hop.WRITE_TO_DATA) {
                table.row(
                        title(snapshot, row).replace("→", face.symbol("→", "->")),
                        Quantity.count(row.count()),
                        Quantity.nanos(row.p50()),
                        Quantity.nanos(row.p90()),
                        Quantity.nanos(row.p99()),
                        Quantity.nanos(row.maxNanos()));
            }
        }
        List<String> lines = new ArrayList<>(table.lines(face));
        lines.add(face.paint(Style.FAINT, worth()));
        return lines;
    }

    /** With the source where several tell of the same hop. */
    private static String title(EventSnapshot snapshot, LatencyRow row) {
        long same = snapshot.latencies().stream().filter(r -> r.hop() == row.hop()).count();
        return row.hop().title() + (same > 1 ? " (" + row.source() + ")" : "");
    }

    /** The models that took turns, side by side; nothing where none did. */
    List<String> models(EventSnapshot snapshot) {
        if (snapshot.turns().isEmpty()) {
            return List.of();
        }
        Table table =
                new Table(
                        Column.words("MODEL"),
                        Column.words("SAYS"),
                        Column.numbers("TURNS"),
                        Column.numbers("DATA/S"),
                        Column.numbers("COUNT"),
                        Column.numbers("P50"),
                        Column.numbers("P90"),
                        Column.numbers("P99"),
                        Column.numbers("MAX"));
        for (TurnTotals each : snapshot.turns()) {
            Optional<LatencyRow> row = snapshot.dataLatency(each.source());
            List<Cell> cells = new ArrayList<>();
            Optional<String> word = IoModel.wordOf(each.source());
            boolean done = word.map(IoModel::saysDone).orElse(false);
            Style style = done ? Style.DONE : Style.READY_IN;
            cells.add(new Cell(word.orElse(each.source()), style));
            cells.add(new Cell(done ? "done" : "ready", style));
            cells.add(new Cell(Quantity.count(each.turns()), Style.PLAIN));
            cells.add(new Cell(String.format(Locale.ROOT, "%,.1f", each.perSecond()), Style.PLAIN));
            cells.add(new Cell(row.map(r -> Quantity.count(r.count())).orElse("-"), Style.PLAIN));
            cells.add(new Cell(row.map(r -> Quantity.nanos(r.p50())).orElse("-"), Style.PLAIN));
            cells.add(new Cell(row.map(r -> Quantity.nanos(r.p90())).orElse("-"), Style.PLAIN));
            cells.add(new Cell(row.map(r -> Quantity.nanos(r.p99())).orElse("-"), Style.PLAIN));
            cells.add(
                    new Cell(row.map(r -> Quantity.nanos(r.maxNanos())).orElse("-"), Style.PLAIN));
            table.row(cells);
        }
        List<String> lines = new ArrayList<>(table.lines(face));
        lines.add(
                face.paint(
                        Style.FAINT,
                        "Models took turns; times are from a write to the end of the read or"
                                + " request that brought it."));
        return lines;
    }

    /** The table that is redrawn while events come in. */
    List<String> live(EventSnapshot snapshot, Duration elapsed) {
        List<String> lines = new ArrayList<>();
        lines.add(
                face.paint(Style.TITLE, target.title())
                        + "  "
                        + Quantity.seconds(elapsed.toNanos()));
        lines.addAll(counts(snapshot, elapsed));
        if (snapshot.latencies().stream().anyMatch(row -> row.count() > 0)) {
            lines.add("");
            lines.addAll(latencies(snapshot));
        }
        addModels(lines, snapshot);
        lines.add(loss(snapshot));
        return lines;
    }

    private void addModels(List<String> lines, EventSnapshot snapshot) {
        List<String> models = models(snapshot);
        if (!models.isEmpty()) {
            lines.add("");
            lines.addAll(models);
        }
    }

    /** One line for a log. */
    String summary(EventSnapshot snapshot, Duration elapsed) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "%4d s", elapsed.toSeconds()));
        Arrays.stream(EventKind.values())
                .filter(kind -> IN_SUMMARY.contains(kind) && snapshot.count(kind) > 0)
                .forEach(
                        kind ->
                                line.append("  ")
                                        .append(kind.name())
                                        .append(' ')
                                        .append(snapshot.count(kind)));
        line.append(snapshot.lossExact() ? "  lost " : "  lost at least ");
        return line.append(snapshot.lost()).toString();
    }

    /** All of it, at the end. */
    List<String> end(EventSnapshot snapshot, Duration elapsed) {
        List<String> lines = new ArrayList<>(counts(snapshot, elapsed));
        lines.add("");
        lines.addAll(latencies(snapshot));
        addModels(lines, snapshot);
        lines.add("");
        signals(snapshot).ifPresent(lines::add);
        if (!snapshot.lossExact()) {
            lines.add(
                    "At least "
                            + Quantity.count(snapshot.lost())
                            + " events were lost: a queue overflowed that does not count.");
        }
        lines.add("events " + snapshot.events() + " lost " + snapshot.lost());
        return lines;
    }

    /** What the kernel says became of the signals; nothing where all of them were delivered. */
    private static Optional<String> signals(EventSnapshot snapshot) {
        StringJoiner parts = new StringJoiner(", ", "Signals, counted by the kernel: ", ".");
        for (SignalOutcome outcome : SignalOutcome.values()) {
            long count = snapshot.count(outcome);
            if (count > 0) {
                parts.add(Quantity.count(count) + " " + word(outcome));
            }
        }
        boolean all =
                snapshot.count(EventKind.SIGNAL_GENERATED) == snapshot.count(SignalOutcome.QUEUED);
        return all ? Optional.empty() : Optional.of(parts.toString());
    }

    private static String word(SignalOutcome outcome) {
        return switch (outcome) {
            case QUEUED -> "queued";
            case IGNORED -> "ignored";
            case COALESCED -> "merged with one that was pending";
            case OVERFLOWED -> "dropped from a full queue";
            case NAMELESS -> "delivered without their cause";
        };
    }

    /** The look of a kind. */
    static Style style(EventKind kind) {
        return switch (kind) {
            case SIGIO_IN, SIGIO_OTHER, SIGNAL_GENERATED -> Style.READY_IN;
            case SIGIO_OUT -> Style.READY_OUT;
            case AIO_SUBMIT, AIO_COMPLETE, AIO_CANCEL, WORK_START, WORK_END -> Style.DONE;
            case READ_START, READ_END, WRITE_START, WRITE_END -> Style.CALL;
            case OVERFLOW, LOST, DEVICE_GONE -> Style.LOSS;
            case KERNEL_LOG, MARKER, UNKNOWN -> Style.FAINT;
        };
    }

    private String loss(EventSnapshot snapshot) {
        if (snapshot.lost() == 0 && snapshot.lossExact()) {
            return face.paint(Style.FAINT, "lost 0");
        }
        String least = snapshot.lossExact() ? "" : "at least ";
        return face.paint(Style.LOSS, "lost " + least + Quantity.count(snapshot.lost()));
    }

    private String worth() {
        return switch (target.acceleration()) {
            case TCG -> "TCG: emulated times; compare them, do not quote them.";
            case KVM -> "KVM: times of a virtual machine.";
            case UML -> "UML: times of a kernel that runs as a process.";
            case NATIVE -> "Native: times of real hardware.";
        };
    }
}
