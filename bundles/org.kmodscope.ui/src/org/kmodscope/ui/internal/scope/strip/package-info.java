/* SPDX-License-Identifier: EPL-2.0 */
/** Rates and latencies over the last minute: SWTChart between a gutter and the figures of now. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.scope.strip;
