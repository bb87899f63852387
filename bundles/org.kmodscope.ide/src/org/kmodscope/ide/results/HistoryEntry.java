/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import java.time.Instant;

/** Something that was run and whose result is kept. */
public sealed interface HistoryEntry permits RunRecord, MatrixBoard {

    /** The name of the project that was run. */
    String project();

    /** What was run, in a few words, without the project. */
    String title();

    /** When it began. */
    Instant started();
}
