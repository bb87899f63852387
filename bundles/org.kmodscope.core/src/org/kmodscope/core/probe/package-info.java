/* SPDX-License-Identifier: EPL-2.0 */
/** User-space probes and the KTAP they print. */
@NonNullByDefault
package org.kmodscope.core.probe;

import org.eclipse.jdt.annotation.NonNullByDefault;
