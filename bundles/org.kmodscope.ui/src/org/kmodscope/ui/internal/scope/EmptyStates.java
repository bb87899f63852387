/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IStatus;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.ide.scope.ScopeState;

/**
 * What the view says instead of, or above, a picture: where one is and what to do next. Words in
 * {@code <a>} are links whose target is one of the constants.
 */
final class EmptyStates {

    static final String CREATE = "create";
    static final String SAMPLE = "sample";
    static final String BUILD = "build";
    static final String START = "start";
    static final String STIMULUS = "stimulus";
    static final String LOG = "log";
    static final String CANCEL = "cancel";
    static final String PROBLEMS = "problems";
    static final String HELPER = "helper";

    /** A page of the preferences, as failures name it, after {@link #escape}. */
    private static final String THIS_MACHINE = "Linux Drivers › This Machine";

    /** How long nothing may come before the view says so. */
    static final long QUIET_NANOS = 5_000_000_000L;

    private EmptyStates() {}

    /**
     * What to say; empty when the picture speaks for itself.
     *
     * @param quietNanos how long nothing has come, on the clock of this machine
     */
    static Optional<String> text(
            ScopeState state,
            Optional<IStatus> failure,
            Optional<EventSnapshot> snapshot,
            long quietNanos) {
        // Loading a module writes to the kernel log: that is no picture yet.
        boolean events =
                snapshot.filter(known -> known.events() > known.count(EventKind.KERNEL_LOG))
                        .isPresent();
        if (failure.isPresent() && !(state instanceof ScopeState.Working)) {
            return Optional.of(failure(failure.get()));
        }
        return switch (state) {
            case ScopeState.NoDriver none ->
                    events
                            ? Optional.empty()
                            : Optional.of(
                                    "No driver yet. "
                                            + link(CREATE, "Create one")
                                            + ", or "
                                            + link(SAMPLE, "open the sample recording")
                                            + ".");
            case ScopeState.NotLoaded waiting ->
                    events
                            ? Optional.empty()
                            : Optional.of(
                                    (waiting.cancelled() ? "Cancelled. " : "")
                                            + escape(waiting.driver())
                                            + " is not loaded. Press "
                                            + link(BUILD, "Build and Load")
                                            + ".");
            case ScopeState.Working working ->
                    Optional.of(doing(working) + "…  " + link(CANCEL, "Cancel"));
            case ScopeState.Ready ready ->
                    events
                            ? Optional.empty()
                            : Optional.of(
                                    "Ready. Press "
                                            + link(START, "Start")
                                            + ", then send a stimulus.");
            case ScopeState.Recording recording ->
                    quietNanos < QUIET_NANOS
                            ? Optional.empty()
                            : Optional.of(
                                    "Armed, no events for 5 s. "
                                            + link(STIMULUS, "Send one stimulus")
                                            + ".");
            case ScopeState.LabGone gone -> Optional.of(gone(gone, snapshot));
        };
    }

    private static String doing(ScopeState.Working working) {
        String step = working.step().title();
        return working.step() == ScopeState.Step.BOOT
                ? step
                : (step + " " + escape(working.driver())).strip();
    }

    private static String gone(ScopeState.LabGone gone, Optional<EventSnapshot> snapshot) {
        String kept =
                " Earlier events are kept. "
                        + link(LOG, "Open kernel log")
                        + ", or "
                        + link(BUILD, "Build and Load")
                        + " again.";
        Optional<EventSnapshot.TimeRange> recorded = snapshot.flatMap(EventSnapshot::recorded);
        String moment =
                recorded.map(
                                range ->
                                        String.format(
                                                Locale.ROOT,
                                                " at %.2f s",
                                                (range.toNanos() - range.fromNanos()) / 1e9))
                        .orElse("");
        return gone.panicked()
                ? "The kernel panicked" + moment + "." + kept
                : "The target is gone" + moment + ": " + escape(gone.reason()) + "." + kept;
    }

    private static String failure(IStatus status) {
        String advice =
                Arrays.stream(status.getChildren())
                        .map(IStatus::getMessage)
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" "));
        return Stream.of(status.getMessage(), advice)
                .filter(text -> !text.isEmpty())
                .map(EmptyStates::escape)
                .collect(Collectors.joining("\n"))
                .replace("view Problems", link(PROBLEMS, "view Problems"))
                .replace(THIS_MACHINE, link(HELPER, THIS_MACHINE));
    }

    private static String link(String target, String text) {
        return "<a href=\"" + target + "\">" + text + "</a>";
    }

    private static String escape(String text) {
        return text.replace("&", "&&").replace("<", "‹").replace(">", "›");
    }
}
