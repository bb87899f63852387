/* SPDX-License-Identifier: EPL-2.0 */
/** Debug runs: a driver under everything that the kernel has to find faults. */
@NonNullByDefault
package org.kmodscope.core.debug;

import org.eclipse.jdt.annotation.NonNullByDefault;
