/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

/**
 * Hears of a matrix while it is made. Called on threads of the run: for one kernel in order, for
 * several kernels at the same time.
 */
public interface MatrixListener {

    /** A step began; that of the probes begins with each run of them. */
    void started(String kernelId, MatrixStep step);

    /** What is being done, in a few words; only long steps say it. */
    default void progress(String kernelId, String what) {}

    /** A step is over, with both of its rounds. */
    void ended(String kernelId, MatrixStep step, MatrixCell cell);

    /** The style of the project was checked, which no kernel is needed for. */
    default void style(MatrixCell cell) {}

    /** All that was to be done on a kernel is done. */
    default void ended(MatrixRow row) {}
}
