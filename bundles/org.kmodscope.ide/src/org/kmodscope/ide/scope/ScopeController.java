/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.core.runtime.jobs.Job;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.Viewport;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.core.target.WarmStart;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeState.Step;
import org.kmodscope.ide.target.TargetOption;

/**
 * Builds, loads, records and stimulates one driver. Each operation returns its job at once; jobs of
 * one controller run one after the other, stimuli beside them. Questions may be asked from any
 * thread and never wait.
 */
public final class ScopeController implements AutoCloseable {

    private final ScopeSupply supply;
    private final ModuleMaker maker;
    private final SessionFile file;
    private final KernelLog log = new KernelLog();
    private final Situation situation = new Situation();
    private final ScopeJobs jobs = new ScopeJobs(situation);
    private final Recordings recordings;
    private final AtomicReference<Optional<ScopeLab>> lab = new AtomicReference<>(Optional.empty());

    /** A controller that builds and runs with the tools of the IDE. */
    public ScopeController(DriverTools tools) {
        this(ScopeSupply.of(tools));
    }

    /** A controller that builds and opens targets as the supply says. */
    public ScopeController(ScopeSupply supply) {
        this.supply = supply;
        this.maker = new ModuleMaker(supply);
        this.file = new SessionFile(supply.places());
        this.recordings =
                new Recordings(
                        next -> situation.tell(listener -> listener.published(next)),
                        situation::ended);
    }

    /** Hears of changes from now on; close the result to end that. */
    public TargetSession.Subscription listen(ScopeListener listener) {
        situation.add(listener);
        return () -> situation.remove(listener);
    }

    /** How far things are. */
    public ScopeState state() {
        return situation.state();
    }

    /** What is chosen. */
    public ScopeChoice choice() {
        return situation.choice();
    }

    /** Why the last operation failed; empty when it did not. */
    public Optional<IStatus> failure() {
        return situation.failure();
    }

    /** What is recorded, as last published; empty before the first target was open. */
    public Optional<EventSnapshot> snapshot() {
        return recordings.snapshot();
    }

    /** What the recording is made on; empty before the first, and for one opened from a file. */
    public Optional<TargetInfo> recordedOn() {
        return situation.recordedOn();
    }

    /** The kernel log of the target, oldest line first. */
    public List<KernelLogLine> kernelLog() {
        return log.lines();
    }

    /** Whether a stimulus is being written. */
    public boolean stimulating() {
        return situation.stimulating();
    }

    /** The targets that can be chosen; reads the disk, so not on a thread that must not wait. */
    public List<TargetOption> targets() throws KmodscopeException {
        return supply.targets();
    }

    /** Chooses driver, target and source; takes effect with the next operation. */
    public void choose(ScopeChoice next) {
        situation.choose(next);
    }

    /** Asks the model for a picture; answered by a later snapshot. */
    public void look(Viewport wanted) {
        recordings.look(wanted);
    }

    /** Forgets what was recorded. */
    public void clear() {
        recordings.clear();
    }

    /** The file that the session is recorded in, now or from the next start of a target on. */
    public Optional<Path> sessionFile() {
        return file.file();
    }

    /**
     * Records the next session that is opened in a file, which is whole when that session is
     * closed; empty ends a recording where it is.
     */
    public Job recordIn(Optional<Path> next) {
        return jobs.operate("Record the session", Step.START, monitor -> file.choose(next));
    }

    /** Builds what is stale, starts the target when none is up, and loads the module. */
    public Job buildAndLoad() {
        return jobs.operate("Build and load " + driverName(), Step.BUILD, this::buildAndLoad);
    }

    /** Unloads the module; the target stays up for the next one. */
    public Job unload() {
        endStimulus();
        return jobs.operate("Unload " + driverName(), Step.UNLOAD, this::unload);
    }

    /** Watches the device. */
    public Job start() {
        return jobs.operate("Record " + driverName(), Step.START, this::start);
    }

    /** Ends watching, and a stimulus with it. */
    public Job stop() {
        endStimulus();
        return jobs.operate("Stop recording " + driverName(), Step.STOP, this::stop);
    }

    /** Shows a recording of an earlier session; the target is closed. */
    public Job open(Path recording) {
        return jobs.operate("Open recording", Step.START, monitor -> replay(recording));
    }

    /** Writes to the device; an endless stimulus goes on until {@link #endStimulus}. */
    public Job stimulate(StimulusPlan plan) {
        return jobs.stimulate(
                "Stimulus for " + driverName(), monitor -> writeStimulus(plan, monitor));
    }

    /** Ends the stimuli that are being written or wait for their turn; none is success. */
    public void endStimulus() {
        jobs.endStimuli();
    }

    /** Cancels what is being done; nothing is success. */
    public void cancel() {
        jobs.cancel();
    }

    /** Ends everything without waiting for it: a last job closes the target. */
    @Override
    public void close() {
        endStimulus();
        cancel();
        ScopeJob last =
                new ScopeJob(
                        "Close the target",
                        monitor -> {
                            jobs.join(monitor);
                            try (recordings) {
                                closeLab();
                            }
                        },
                        status -> ILog.get().log(status));
        last.setSystem(true);
        last.schedule();
    }

    private void buildAndLoad(SubMonitor monitor)
            throws KmodscopeException, InterruptedException, CoreException {
        monitor.setWorkRemaining(100);
        ScopeChoice wanted = choice();
        DriverProject driver = wanted.driver().orElseThrow(situation::notLoaded);
        DriverSpec spec = driver.spec();
        supply.prepare(wanted.target(), monitor.split(20));
        Optional<ScopeLab> present =
                lab.get().filter(up -> wanted.servedBy(up.spec()) && isForMore(up));
        TargetSpec opening = wanted.opening();
        if (present.isPresent()) {
            Path module = maker.make(driver, wanted.target(), monitor.split(65));
            load(module, wanted, spec, present.get());
        } else if (!opening.startsAlone()) {
            Path module = maker.make(driver, wanted.target(), monitor.split(30));
            closeLab();
            TargetSession session = file.open(opening, boot(monitor.split(35)));
            load(module, wanted, spec, takeLab(opening, session));
        } else {
            try (WarmStart start = WarmStart.of(progress -> file.open(opening, progress))) {
                SubMonitor building = SubMonitor.convert(start.watched(monitor.split(30)));
                Path module =
                        start.<Path, CoreException>meanwhile(
                                () -> maker.make(driver, wanted.target(), building));
                TargetSession session = start.session(boot(monitor.split(35)));
                load(module, wanted, spec, takeLab(opening, session));
            }
        }
    }

    /** A replay has answered, and a file has sessions from their start. */
    private boolean isForMore(ScopeLab up) {
        return !(up.spec() instanceof TargetSpec.Recorded) && !file.waits();
    }

    private SubMonitor boot(SubMonitor monitor) {
        situation.begin(Step.BOOT);
        return monitor;
    }

    private void load(Path module, ScopeChoice wanted, DriverSpec driver, ScopeLab open)
            throws KmodscopeException, InterruptedException {
        situation.begin(Step.LOAD);
        settle(open, new ScopeState.NotLoaded(wanted.driverName()));
        open.load(module, driver.module());
        settle(open, new ScopeState.Ready(wanted.driverName(), driver.node(), open.info()));
    }

    /** Puts a session that was just opened in the place of the lab there was. */
    private ScopeLab takeLab(TargetSpec spec, TargetSession session) throws KmodscopeException {
        closeLab();
        situation.restUnloaded();
        log.clear();
        ScopeLab opened =
                ScopeLab.open(
                        spec,
                        session,
                        recordings.fresh(),
                        log,
                        () -> situation.tell(ScopeListener::logged));
        situation.recordingOn(Optional.of(opened.info()));
        lab.set(Optional.of(opened));
        session.ended().thenAccept(end -> ended(opened, end));
        return opened;
    }

    private void unload(SubMonitor monitor) throws KmodscopeException, InterruptedException {
        ScopeLab present = loadedLab();
        present.unload();
        settle(present, new ScopeState.NotLoaded(driverName()));
    }

    private void start(SubMonitor monitor) throws KmodscopeException, InterruptedException {
        ScopeState.Ready ready = situation.loaded();
        ScopeLab present = loadedLab();
        ScopeChoice wanted = choice();
        if (!wanted.servedBy(present.spec())) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The target that is up is not the one that is chosen.",
                    "Press Build and Load to start the chosen one.");
        }
        present.start(ready.device(), wanted, monitor);
        settle(
                present,
                new ScopeState.Recording(
                        ready.driver(), ready.device(), ready.lab(), wanted.source()));
    }

    private void stop(SubMonitor monitor) throws KmodscopeException, InterruptedException {
        ScopeState.Ready ready = situation.loaded();
        ScopeLab present = loadedLab();
        present.stop();
        settle(present, ready);
    }

    private void replay(Path recording) throws KmodscopeException, InterruptedException {
        closeLab();
        situation.restUnloaded();
        situation.recordingOn(Optional.empty());
        log.clear();
        recordings.fresh().load(recording);
    }

    private void writeStimulus(StimulusPlan plan, SubMonitor monitor)
            throws KmodscopeException, InterruptedException {
        ScopeState.Ready ready = situation.loaded();
        if (!(situation.resting() instanceof ScopeState.Recording)) {
            // A device that nobody reads fills up, and the write would wait for ever.
            throw new KmodscopeException(
                    Kind.USAGE, "Nobody reads the device yet.", "Press Start first.");
        }
        situation.stimulating(true);
        try {
            loadedLab().stimulate(plan, ready.device(), monitor);
        } finally {
            situation.stimulating(false);
        }
    }

    private ScopeLab loadedLab() throws KmodscopeException {
        return lab.get().orElseThrow(situation::notLoaded);
    }

    private void ended(ScopeLab which, TargetEnd end) {
        Optional<ScopeState> gone = ScopeState.LabGone.by(end, driverName());
        if (gone.isEmpty()) {
            return;
        }
        boolean present;
        synchronized (lab) {
            present = settle(which, gone.get());
            if (present) {
                lab.set(Optional.empty());
            }
        }
        if (present) {
            endStimulus();
            ScopeJob cleanUp = new ScopeJob("Clean up", monitor -> close(which), situation::failed);
            cleanUp.setSystem(true);
            cleanUp.schedule();
        }
    }

    /** Rests in a state unless the lab is not the present one any more: then others decide. */
    private boolean settle(ScopeLab on, ScopeState next) {
        synchronized (lab) {
            boolean present = lab.get().filter(on::equals).isPresent();
            if (present) {
                situation.rest(next);
            }
            return present;
        }
    }

    private void closeLab() throws KmodscopeException {
        Optional<ScopeLab> present = lab.getAndSet(Optional.empty());
        if (present.isPresent()) {
            close(present.get());
        }
    }

    private void close(ScopeLab ended) throws KmodscopeException {
        ended.close();
        file.closed(ended.session());
    }

    private String driverName() {
        return choice().driverName();
    }
}
