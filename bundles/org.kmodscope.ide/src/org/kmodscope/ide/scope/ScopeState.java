/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.Optional;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;

/** How far things are. Whether a picture is paused is a matter of the view, not of this. */
public sealed interface ScopeState {

    /** There is no driver project to work on. */
    record NoDriver() implements ScopeState {}

    /**
     * There is a driver, not loaded anywhere.
     *
     * @param cancelled whether that is so because the user said no, or stop
     */
    record NotLoaded(String driver, boolean cancelled) implements ScopeState {

        /** Not because of anything. */
        public NotLoaded(String driver) {
            this(driver, false);
        }
    }

    /** Something is being done; it can be cancelled. */
    record Working(Step step, String driver) implements ScopeState {}

    /** The driver is loaded, nobody watches it. */
    record Ready(String driver, String device, TargetInfo lab) implements ScopeState {}

    /** The driver is loaded and watched. */
    record Recording(String driver, String device, TargetInfo lab, ScopeSource source)
            implements ScopeState {}

    /**
     * The target is gone. What was recorded is kept.
     *
     * @param panicked whether the kernel itself gave up
     * @param reason what is known, in the kernel's words where it panicked
     * @param log the end of the console
     */
    record LabGone(String driver, boolean panicked, String reason, String log)
            implements ScopeState {

        /** What the end of a target is, unless its owner ended it. */
        static Optional<ScopeState> by(TargetEnd end, String driver) {
            return switch (end) {
                case TargetEnd.Closed byUs -> Optional.empty();
                case TargetEnd.Panicked(String reason, String console) ->
                        Optional.of(new LabGone(driver, true, reason, console));
                case TargetEnd.Vanished(String reason, String console) ->
                        Optional.of(new LabGone(driver, false, reason, console));
            };
        }
    }

    /** What is being done. */
    enum Step {
        BUILD("Building"),
        BOOT("Starting the target"),
        LOAD("Loading"),
        UNLOAD("Unloading"),
        START("Starting to record"),
        STOP("Stopping");

        private final String title;

        Step(String title) {
            this.title = title;
        }

        /** What users read. */
        public String title() {
            return title;
        }
    }
}
