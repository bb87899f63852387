/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.kmodscope.core.probe.ProbeReport;

/**
 * A driver on one kernel.
 *
 * @param kernelId the kernel
 * @param cells every step, those that were not reached included
 * @param probes each run of a probe, in order
 * @param logs the directory with what compiler, sparse, kernel and probes said
 * @param elapsed from its first step to its last
 */
public record MatrixRow(
        String kernelId,
        Map<MatrixStep, MatrixCell> cells,
        List<ProbeResult> probes,
        Path logs,
        Duration elapsed) {

    /** Takes copies. */
    public MatrixRow {
        EnumMap<MatrixStep, MatrixCell> all = new EnumMap<>(cells);
        for (MatrixStep step : MatrixStep.values()) {
            all.putIfAbsent(step, MatrixCell.skipped("not reached"));
        }
        cells = Collections.unmodifiableMap(all);
        probes = List.copyOf(probes);
    }

    /**
     * A run of a probe.
     *
     * @param round after which load: 1 or 2
     */
    public record ProbeResult(int round, ProbeReport report, Duration elapsed) {}

    /** One step. */
    public MatrixCell cell(MatrixStep step) {
        return cells.getOrDefault(step, MatrixCell.skipped("not reached"));
    }

    /** How the driver did on this kernel. */
    public MatrixVerdict verdict() {
        return MatrixVerdict.worst(cells.values().stream().map(MatrixCell::verdict).toList());
    }
}
