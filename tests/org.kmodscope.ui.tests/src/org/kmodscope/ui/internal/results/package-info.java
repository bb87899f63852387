/* SPDX-License-Identifier: EPL-2.0 */
/** Tests of the view Probe Results. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.results;
