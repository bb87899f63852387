/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventRecorder;
import org.kmodscope.core.event.EventRecording;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.ide.scope.ScopeSource;

/**
 * Records what a driver signals while probes run on it. Who listens for that has the device open a
 * second time and is a second receiver of its signals, but reads nothing: all data is the probe's.
 */
final class ProbeEvents implements AutoCloseable {

    private final Path file;
    private final EventRecorder recorder;
    private Optional<TargetSession.Armed> armed = Optional.empty();

    private ProbeEvents(Path file) {
        this.file = file;
        recorder =
                EventRecorder.start(
                        EventRecorder.Settings.defaults(), new EventRecorder.Listener() {});
    }

    /**
     * Starts to listen.
     *
     * @param who listens; the bridge needs a session that was opened with it
     * @param file replaced
     * @throws KmodscopeException FAILED when the device has no fasync or the file cannot be written
     */
    static ProbeEvents start(
            ScopeSource who,
            TargetSession session,
            String device,
            Path file,
            IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        ProbeEvents events = new ProbeEvents(file);
        boolean started = false;
        try {
            events.listen(who, session, new ArmRequest(device, false, 1), monitor);
            started = true;
            return events;
        } finally {
            if (!started) {
                events.close();
            }
        }
    }

    private void listen(
            ScopeSource who, TargetSession session, ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The directory of " + file + " cannot be made: " + e.getMessage() + ".",
                    "Make the project's directory writable.",
                    e);
        }
        recorder.write(EventRecording.create(file));
        recorder.attach(session.events());
        switch (who) {
            case AGENT -> armed = Optional.of(session.arm(request));
            case BRIDGE -> recorder.attach(session.bridge(request, monitor));
        }
    }

    /**
     * Ends it, so that the module can be unloaded.
     *
     * @return a line for the console that says what there is
     * @throws KmodscopeException when it could not be written whole, or the target is gone
     */
    String finish() throws KmodscopeException, InterruptedException {
        try (EventRecorder ending = recorder) {
            if (armed.isPresent()) {
                armed.get().close();
            }
            EventSnapshot last = ending.finish();
            return "%s%s: %,d events, lost %s%,d"
                    .formatted(
                            ProbeLaunch.EVENTS_IN,
                            file,
                            last.events(),
                            last.lossExact() ? "" : "at least ",
                            last.lost());
        }
    }

    @Override
    public void close() {
        recorder.close();
    }
}
