/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/** Replays the first session of a recording, as often as it is opened; nothing runs. */
public final class RecordedTarget implements Target {

    @Override
    public boolean accepts(TargetSpec spec) {
        return spec instanceof TargetSpec.Recorded;
    }

    /**
     * {@inheritDoc}
     *
     * @throws KmodscopeException USAGE when the file is no recording, FAILED when it is damaged
     */
    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor) throws KmodscopeException {
        if (!(spec instanceof TargetSpec.Recorded recorded)) {
            throw new IllegalArgumentException("no recording: " + spec);
        }
        return new RecordedSession(Recording.read(recorded.file()), recorded.timed());
    }
}
