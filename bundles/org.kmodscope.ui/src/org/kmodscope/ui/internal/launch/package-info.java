/* SPDX-License-Identifier: EPL-2.0 */
/** The tabs and the shortcut of the launch type. */
@NonNullByDefault
package org.kmodscope.ui.internal.launch;

import org.eclipse.jdt.annotation.NonNullByDefault;
