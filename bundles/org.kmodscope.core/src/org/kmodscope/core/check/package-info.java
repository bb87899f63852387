/* SPDX-License-Identifier: EPL-2.0 */
/** Checks of a driver's text that need no kernel. */
@NonNullByDefault
package org.kmodscope.core.check;

import org.eclipse.jdt.annotation.NonNullByDefault;
