/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.record.RecordingTarget;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/**
 * The file that a session is recorded in, as {@code --record} does on the command line. A file is
 * for one session, from its first call to its end: it waits for the next that is opened. Any
 * thread.
 */
final class SessionFile {

    private final Target target;
    private Optional<Path> file = Optional.empty();
    private @Nullable RecordingTarget recording;
    private @Nullable TargetSession recorded;

    /**
     * @param target opens what is recorded
     */
    SessionFile(Target target) {
        this.target = target;
    }

    /** The file that is chosen, whether it waits or is written. */
    synchronized Optional<Path> file() {
        return file;
    }

    /** Whether the next session is to be recorded. */
    synchronized boolean waits() {
        return file.isPresent() && recording == null;
    }

    /**
     * Chooses another file, or none: what is being recorded ends there, its session goes on.
     *
     * @throws KmodscopeException MISSING when that one could not be written whole
     */
    void choose(Optional<Path> next) throws KmodscopeException {
        end();
        synchronized (this) {
            file = next;
        }
    }

    /** Opens a session, recorded when a file waits for one. */
    TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Optional<RecordingTarget> begun = begin(spec);
        if (begun.isEmpty()) {
            return target.open(spec, monitor);
        }
        RecordingTarget into = begun.get();
        boolean open = false;
        try {
            TargetSession session = into.open(spec, monitor);
            synchronized (this) {
                recorded = session;
            }
            open = true;
            return session;
        } finally {
            if (!open) {
                // The file waits again: what was refused is no session.
                forget(into);
                into.close();
            }
        }
    }

    /** Begins the file if one waits; opening a target takes long, so that is not done here. */
    private synchronized Optional<RecordingTarget> begin(TargetSpec spec)
            throws KmodscopeException {
        if (!waits() || spec instanceof TargetSpec.Recorded) {
            return Optional.empty();
        }
        RecordingTarget into = RecordingTarget.create(target, file.orElseThrow());
        recording = into;
        return Optional.of(into);
    }

    private synchronized void forget(RecordingTarget ended) {
        if (recording == ended) {
            recording = null;
            recorded = null;
        }
    }

    /**
     * A session was closed; the file is whole when it was the one that is recorded.
     *
     * @throws KmodscopeException MISSING when it could not be written whole
     */
    void closed(TargetSession session) throws KmodscopeException {
        synchronized (this) {
            if (session != recorded) {
                return;
            }
        }
        end();
    }

    private void end() throws KmodscopeException {
        RecordingTarget ended;
        synchronized (this) {
            ended = recording;
            if (ended == null) {
                return;
            }
            forget(ended);
            file = Optional.empty();
        }
        ended.close();
    }
}
