/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ui.internal.visual.Quantity;

/** What the status line says. */
final class StatusText {

    /** What stands before a segment. */
    enum Mark {
        NONE,
        RECORDING,
        IDLE,
        WARNING,
        LOST
    }

    /**
     * One part of the line.
     *
     * @param rank what is left out first where there is no room: the highest; 0 never
     */
    record Segment(Mark mark, String text, boolean strong, boolean muted, int rank) {

        static Segment plain(String text, int rank) {
            return new Segment(Mark.NONE, text, false, false, rank);
        }
    }

    private StatusText() {}

    /**
     * The segments, in their order.
     *
     * @param file what the session is recorded in, from its start on
     * @param live whether the picture follows the newest event
     * @param decimated whether the picture merges events
     * @param nanosPerPixel the scale of the picture
     */
    static List<Segment> of(
            ScopeState state,
            Optional<TargetInfo> lab,
            Optional<EventSnapshot> snapshot,
            Optional<Path> file,
            boolean live,
            boolean decimated,
            double nanosPerPixel) {
        List<Segment> line = new ArrayList<>();
        line.add(state(state, live));
        file.ifPresent(into -> line.add(Segment.plain("Session in " + into.getFileName(), 3)));
        lab.ifPresent(info -> lab(line, info));
        if (snapshot.isPresent() && snapshot.get().recorded().isPresent()) {
            EventSnapshot known = snapshot.get();
            line.add(Segment.plain("Target CLOCK_MONOTONIC", 5));
            String rate = Quantity.brief(known.rates().perSecond()) + " events/s";
            line.add(Segment.plain(rate, 2));
            line.add(lost(known));
            String scale = Quantity.brief(Math.max(1, Math.round(nanosPerPixel)));
            line.add(
                    new Segment(
                            Mark.NONE,
                            decimated ? "1 px = " + scale + ", min–max" : "Nothing decimated",
                            false,
                            true,
                            4));
        }
        return line;
    }

    private static Segment state(ScopeState state, boolean live) {
        return switch (state) {
            case ScopeState.NoDriver none -> new Segment(Mark.IDLE, "No driver", true, false, 0);
            case ScopeState.NotLoaded none -> new Segment(Mark.IDLE, "Not loaded", true, false, 0);
            case ScopeState.Working working ->
                    new Segment(Mark.IDLE, working.step().title() + "…", true, false, 0);
            case ScopeState.Ready ready -> new Segment(Mark.IDLE, "Ready", true, false, 0);
            case ScopeState.Recording on ->
                    new Segment(
                            Mark.RECORDING, live ? "Recording, live" : "Recording", true, false, 0);
            case ScopeState.LabGone gone ->
                    new Segment(
                            Mark.WARNING,
                            gone.panicked() ? "Kernel panicked" : "Target gone",
                            true,
                            false,
                            0);
        };
    }

    private static void lab(List<Segment> line, TargetInfo info) {
        line.add(Segment.plain(info.title(), 3));
        line.add(Segment.plain("Linux " + info.kernelRelease(), 3));
        line.add(
                switch (info.acceleration()) {
                    case TCG ->
                            new Segment(
                                    Mark.WARNING,
                                    "TCG (emulated): compare, don’t quote",
                                    true,
                                    false,
                                    1);
                    case KVM -> Segment.plain("KVM", 1);
                    case UML ->
                            info.note().isEmpty()
                                    ? Segment.plain("UML", 1)
                                    : new Segment(
                                            Mark.WARNING, "UML, not confined", true, false, 1);
                    case NATIVE -> Segment.plain("Real hardware", 1);
                });
        // Mostly too long for the line; its tooltip has all of them.
        info.note().ifPresent(note -> line.add(new Segment(Mark.WARNING, note, false, false, 6)));
    }

    private static Segment lost(EventSnapshot known) {
        if (known.lost() == 0 && known.lossExact()) {
            return new Segment(
                    Mark.NONE, "Lost 0 of " + Quantity.count(known.events()), false, false, 0);
        }
        long all = known.events() + known.lost();
        String count = Quantity.count(known.lost()) + (known.lossExact() ? "" : " or more");
        String share =
                String.format(Locale.ROOT, " (%.2f %%)", all == 0 ? 0 : 100.0 * known.lost() / all);
        return new Segment(
                Mark.LOST, "Lost " + count + " of " + Quantity.count(all) + share, true, false, 0);
    }
}
