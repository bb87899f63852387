/* SPDX-License-Identifier: EPL-2.0 */
/** One driver on several kernels: what was built, loaded and tested where, and how it ended. */
@NonNullByDefault
package org.kmodscope.core.matrix;

import org.eclipse.jdt.annotation.NonNullByDefault;
