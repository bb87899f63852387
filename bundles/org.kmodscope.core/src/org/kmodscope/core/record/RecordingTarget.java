/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.nio.file.Path;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/**
 * A target whose sessions are recorded in a file: all that is asked of them and all that comes from
 * them, with times. Files that are copied into the target are not in it, nor is what is written to
 * its programs. Sessions come one after the other; a replay is of the first.
 */
public final class RecordingTarget implements Target, AutoCloseable {

    private final Target target;
    private final RecordWriter writer;

    private RecordingTarget(Target target, RecordWriter writer) {
        this.target = target;
        this.writer = writer;
    }

    /**
     * Creates the file, which only its owner may read, and replaces one that is there.
     *
     * @param target whose sessions are recorded
     * @throws KmodscopeException USAGE when it cannot be created
     */
    public static RecordingTarget create(Target target, Path file) throws KmodscopeException {
        return new RecordingTarget(target, new RecordWriter(file));
    }

    @Override
    public boolean accepts(TargetSpec spec) {
        return target.accepts(spec);
    }

    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        TargetSession session;
        try {
            session = target.open(spec, monitor);
        } catch (KmodscopeException failure) {
            writer.line(
                    RecordLine.Kind.REFUSED,
                    List.of(
                            failure.kind().name(),
                            String.valueOf(failure.getMessage()),
                            failure.remedy()));
            throw failure;
        }
        TargetInfo info = session.info();
        writer.line(
                RecordLine.Kind.OPEN,
                List.of(
                        info.title(),
                        info.kernelRelease(),
                        info.machine(),
                        info.acceleration().name(),
                        session.scratch(),
                        info.note().orElse("")));
        return new RecordingSession(session, writer);
    }

    /**
     * Ends the recording; sessions that are still open go on unrecorded.
     *
     * @throws KmodscopeException MISSING when it could not be written whole
     */
    @Override
    public void close() throws KmodscopeException {
        writer.close();
    }
}
