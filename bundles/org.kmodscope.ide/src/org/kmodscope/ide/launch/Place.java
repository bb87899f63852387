/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.nio.file.Path;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.record.RecordingTarget;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSpec;

/**
 * Where a launch runs, and what its session is recorded in.
 *
 * @param target opens it
 * @param recording the same target where it is recorded; close it when the session is closed
 */
record Place(Target target, TargetSpec spec, Optional<RecordingTarget> recording)
        implements AutoCloseable {

    /**
     * Opens the recording if there is to be one.
     *
     * @param file of the recording; empty for none
     * @throws KmodscopeException USAGE when that cannot be created
     */
    static Place of(Target target, TargetSpec spec, String file) throws KmodscopeException {
        if (file.isEmpty() || spec instanceof TargetSpec.Recorded) {
            return new Place(target, spec, Optional.empty());
        }
        RecordingTarget recording = RecordingTarget.create(target, Path.of(file));
        return new Place(recording, spec, Optional.of(recording));
    }

    /**
     * Ends the recording.
     *
     * @throws KmodscopeException MISSING when it could not be written whole
     */
    @Override
    public void close() throws KmodscopeException {
        if (recording.isPresent()) {
            recording.get().close();
        }
    }
}
