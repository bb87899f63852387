/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.compare;

import java.util.Optional;
import org.kmodscope.core.event.LatencyRow;
import org.kmodscope.core.event.TurnTotals;

/**
 * What is known of one of several models.
 *
 * @param totals its turns
 * @param latency from a write to its data; empty before any was measured, and for a device that
 *     nobody writes to
 */
record ModelRow(TurnTotals totals, Optional<LatencyRow> latency) {}
