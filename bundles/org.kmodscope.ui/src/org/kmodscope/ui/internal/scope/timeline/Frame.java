/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.List;
import java.util.Optional;
import org.kmodscope.core.target.KernelLogLine;

/**
 * All that one painting of the timeline reads besides the scene.
 *
 * @param view what is looked at
 * @param scale the scale that the scene was built for
 * @param origin the time that the recording began
 * @param span nanoseconds across the picture
 * @param note what stands at the left of the axis, such as a paused picture
 * @param chain the selected chain
 * @param subtitles the second line of each track's heading, by ordinal
 * @param log lines of the kernel log, oldest first
 */
public record Frame(
        Viewpoint view,
        TimeScale scale,
        long origin,
        long span,
        Optional<String> note,
        Optional<Chain> chain,
        List<String> subtitles,
        List<KernelLogLine> log) {}
