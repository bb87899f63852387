/* SPDX-License-Identifier: EPL-2.0 */
/** The seam to whatever runs a driver: a lab, this machine, a board. */
@NonNullByDefault
package org.kmodscope.core.target;

import org.eclipse.jdt.annotation.NonNullByDefault;
