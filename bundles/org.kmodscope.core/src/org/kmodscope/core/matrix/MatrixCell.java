/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.time.Duration;
import java.util.List;

/**
 * One step on one kernel.
 *
 * @param verdict how it ended
 * @param text the same in one or two words or a count, for a table
 * @param elapsed how long it took, over both rounds; zero for what is counted and not done
 * @param details what is wrong, or why it was skipped: lines for people
 */
public record MatrixCell(
        MatrixVerdict verdict, String text, Duration elapsed, List<String> details) {

    /** Takes a copy of the list. */
    public MatrixCell {
        details = List.copyOf(details);
    }

    static MatrixCell passed(String text) {
        return new MatrixCell(MatrixVerdict.PASSED, text, Duration.ZERO, List.of());
    }

    static MatrixCell failed(String text, List<String> details) {
        return new MatrixCell(MatrixVerdict.FAILED, text, Duration.ZERO, details);
    }

    static MatrixCell skipped(String reason) {
        return new MatrixCell(MatrixVerdict.SKIPPED, "-", Duration.ZERO, List.of(reason));
    }

    /** A count of faults: none is good. */
    static MatrixCell count(List<String> faults) {
        return faults.isEmpty() ? passed("0") : failed(Integer.toString(faults.size()), faults);
    }

    MatrixCell took(Duration time) {
        return new MatrixCell(verdict, text, time, details);
    }
}
