/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventRecorder;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.EventWriter;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetSession;

/**
 * Watches one armed device for a while, drives it meanwhile, and returns all that was seen. It ends
 * when its time is up, when it is told that it is {@link #enough}, or when a source or the lab
 * breaks.
 */
final class Observation implements EventRecorder.Listener {

    static final int READ_BYTES = 4096;
    private static final long TICK_MILLIS = 100;

    private final TargetSession session;
    private final Plan plan;
    private final Steps steps;
    private final CompletableFuture<Optional<KmodscopeException>> over = new CompletableFuture<>();

    Observation(TargetSession session, Plan plan, Steps steps) {
        this.session = session;
        this.plan = plan;
        this.steps = steps;
    }

    /**
     * Runs it.
     *
     * @param writers take every event; they are closed here, whatever happens
     * @param display is shown what is known, ten times a second, on the calling thread
     */
    Seen run(List<EventWriter> writers, Display display)
            throws KmodscopeException, InterruptedException {
        try (EventRecorder recorder =
                EventRecorder.start(EventRecorder.Settings.defaults(), this)) {
            writers.forEach(recorder::write);
            recorder.attach(session.events());
            Driven driven = armed(recorder, display);
            EventSnapshot snapshot = recorder.finish();
            return new Seen(
                    snapshot, driven.elapsed(), driven.written(), over.getNow(Optional.empty()));
        }
    }

    /** Ends it as if its time were up; from any thread. */
    void enough() {
        over.complete(Optional.empty());
    }

    @Override
    public void ended(SourceEnd end) {
        if (end.failure().isPresent()) {
            over.complete(end.failure());
        }
    }

    @Override
    public void failed(KmodscopeException failure) {
        over.complete(Optional.of(failure));
    }

    private Driven armed(EventRecorder recorder, Display display)
            throws KmodscopeException, InterruptedException {
        ArmRequest request = new ArmRequest(plan.device(), plan.model());
        if (plan.bridge()) {
            EventSource bridge =
                    steps.run("Start the JNA bridge", monitor -> session.bridge(request, monitor));
            recorder.attach(bridge);
            return drive(recorder, display);
        }
        TargetSession.Armed armed =
                steps.run("Arm " + plan.device(), monitor -> session.arm(request));
        try (armed) {
            return drive(recorder, display);
        }
    }

    private Driven drive(EventRecorder recorder, Display display)
            throws KmodscopeException, InterruptedException {
        session.ended().thenAccept(end -> over.complete(LabRun.failure(end)));
        long start = System.nanoTime();
        try (DriveRun driven = DriveRun.start(session, plan.drive(), this::driven)) {
            while (!over.isDone()) {
                long elapsed = System.nanoTime() - start;
                if (plan.time().isPresent() && elapsed >= plan.time().get().toNanos()) {
                    break;
                }
                display.show(recorder.snapshot(), Duration.ofNanos(elapsed));
                tick();
            }
            Optional<StimulusResult> written = driven.finish();
            return new Driven(Duration.ofNanos(System.nanoTime() - start), written);
        }
    }

    private void driven(Optional<KmodscopeException> failure) {
        if (failure.isPresent() || plan.untilDriven()) {
            over.complete(failure);
        }
    }

    private void tick() throws InterruptedException {
        try {
            over.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException goOn) {
            return;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * What to watch.
     *
     * @param device its path in the target
     * @param bridge whether the JNA bridge watches it, else the agent
     * @param model how; the agent knows signals only
     * @param time how long; without end when empty
     * @param drive what is done to the device meanwhile
     * @param untilDriven whether the end of that is the end of the observation, too
     */
    record Plan(
            String device,
            boolean bridge,
            IoModel model,
            Optional<Duration> time,
            DriveRun.Body drive,
            boolean untilDriven) {

        /** By signals, reading what they tell of. */
        Plan(
                String device,
                boolean bridge,
                Optional<Duration> time,
                DriveRun.Body drive,
                boolean untilDriven) {
            this(device, bridge, new IoModel.Signals(true, READ_BYTES), time, drive, untilDriven);
        }
    }

    /**
     * What was seen.
     *
     * @param snapshot all events, counted
     * @param elapsed how long it was watched
     * @param written what the stimulus did, where there was one
     * @param broken what ended it early
     */
    record Seen(
            EventSnapshot snapshot,
            Duration elapsed,
            Optional<StimulusResult> written,
            Optional<KmodscopeException> broken) {}

    private record Driven(Duration elapsed, Optional<StimulusResult> written) {}

    /** Shows what is known so far. */
    @FunctionalInterface
    interface Display {

        void show(EventSnapshot snapshot, Duration elapsed);
    }
}
