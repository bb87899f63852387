/* SPDX-License-Identifier: EPL-2.0 */
/** The painted timeline: what is where in time and on the canvas, drawn and pointed at. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.scope.timeline;
