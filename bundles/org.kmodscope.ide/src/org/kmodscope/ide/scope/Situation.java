/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IStatus;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.ide.Failures;

/**
 * What is chosen and how far things are; tells listeners of each change. A state at rest stays
 * known while something is being done, so that a cancelled operation falls back to it.
 */
final class Situation {

    private final List<ScopeListener> listeners = new CopyOnWriteArrayList<>();
    private ScopeChoice choice = ScopeChoice.initial();
    private ScopeState resting = new ScopeState.NoDriver();
    private Optional<ScopeState.Step> step = Optional.empty();
    private Optional<IStatus> failure = Optional.empty();
    private Optional<TargetInfo> recordedOn = Optional.empty();
    private boolean stimulating;

    void add(ScopeListener listener) {
        listeners.add(listener);
    }

    void remove(ScopeListener listener) {
        listeners.remove(listener);
    }

    void tell(Consumer<ScopeListener> news) {
        listeners.forEach(news);
    }

    synchronized ScopeState state() {
        return step.<ScopeState>map(now -> new ScopeState.Working(now, choice.driverName()))
                .orElse(resting);
    }

    synchronized ScopeState resting() {
        return resting;
    }

    synchronized ScopeChoice choice() {
        return choice;
    }

    synchronized Optional<IStatus> failure() {
        return failure;
    }

    synchronized Optional<TargetInfo> recordedOn() {
        return recordedOn;
    }

    synchronized boolean stimulating() {
        return stimulating;
    }

    /** Chooses; another driver is not loaded, whatever the one before was. */
    void choose(ScopeChoice next) {
        synchronized (this) {
            boolean otherDriver = !next.driver().equals(choice.driver());
            choice = next;
            if (otherDriver) {
                resting = unloaded();
                failure = Optional.empty();
            }
        }
        tell(ScopeListener::changed);
    }

    /** An operation begins; what failed before is over. */
    void begin(ScopeState.Step next) {
        synchronized (this) {
            step = Optional.of(next);
            failure = Optional.empty();
        }
        tell(ScopeListener::changed);
    }

    /** An operation ended; the state at rest shows again. */
    void end() {
        synchronized (this) {
            step = Optional.empty();
        }
        tell(ScopeListener::changed);
    }

    void rest(ScopeState next) {
        synchronized (this) {
            resting = next;
            if (next instanceof ScopeState.LabGone) {
                // That a source broke with its lab is no news.
                failure = Optional.empty();
            }
        }
        tell(ScopeListener::changed);
    }

    void restUnloaded() {
        synchronized (this) {
            resting = unloaded();
        }
        tell(ScopeListener::changed);
    }

    void failed(IStatus status) {
        synchronized (this) {
            failure = Optional.of(status);
        }
        tell(ScopeListener::changed);
    }

    /** An operation was cancelled: what is not loaded for that says so. */
    void cancelled() {
        synchronized (this) {
            if (resting instanceof ScopeState.NotLoaded(String driver, boolean before)) {
                resting = new ScopeState.NotLoaded(driver, true);
            }
        }
        tell(ScopeListener::changed);
    }

    void recordingOn(Optional<TargetInfo> lab) {
        synchronized (this) {
            recordedOn = lab;
        }
    }

    /** A source ended; where it broke, nobody would notice but by events that do not come. */
    void ended(SourceEnd end) {
        if (end.failure().isPresent() && resting() instanceof ScopeState.Recording) {
            failed(Failures.status("Watch the device", end.failure().get()));
        }
    }

    void stimulating(boolean now) {
        synchronized (this) {
            stimulating = now;
        }
        tell(ScopeListener::changed);
    }

    /** The driver that is loaded, whether it is watched or not. */
    synchronized ScopeState.Ready loaded() throws KmodscopeException {
        return switch (resting) {
            case ScopeState.Ready ready -> ready;
            case ScopeState.Recording was ->
                    new ScopeState.Ready(was.driver(), was.device(), was.lab());
            default -> throw notLoaded();
        };
    }

    synchronized KmodscopeException notLoaded() {
        return choice.driver().isEmpty()
                ? new KmodscopeException(
                        Kind.USAGE,
                        "There is no driver to work on.",
                        "Create one: File > New > Asynchronous Character Driver.")
                : new KmodscopeException(
                        Kind.USAGE,
                        choice.driverName() + " is not loaded.",
                        "Press Build and Load.");
    }

    private ScopeState unloaded() {
        return choice.driver().isPresent()
                ? new ScopeState.NotLoaded(choice.driverName())
                : new ScopeState.NoDriver();
    }
}
