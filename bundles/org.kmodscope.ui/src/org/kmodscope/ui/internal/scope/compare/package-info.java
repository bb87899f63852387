/* SPDX-License-Identifier: EPL-2.0 */
/** Models of I/O that take turns on one device, side by side: their figures and latencies. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.scope.compare;
