/* SPDX-License-Identifier: EPL-2.0 */
/** The view Probe Results. */
@NonNullByDefault
package org.kmodscope.ui.internal.results;

import org.eclipse.jdt.annotation.NonNullByDefault;
