/* SPDX-License-Identifier: EPL-2.0 */
/**
 * Recordings of sessions: what was asked of a target, what it answered, its events and its kernel
 * log, with times; and the target that replays them. The format is in docs/recordings.md.
 */
@NonNullByDefault
package org.kmodscope.core.record;

import org.eclipse.jdt.annotation.NonNullByDefault;
