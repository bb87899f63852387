/* SPDX-License-Identifier: EPL-2.0 */
/** What a kernel reports of itself when it finds a fault, and where in a driver that is. */
@NonNullByDefault
package org.kmodscope.core.splat;

import org.eclipse.jdt.annotation.NonNullByDefault;
