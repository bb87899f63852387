/* SPDX-License-Identifier: EPL-2.0 */
/** Kernels from Debian packages: finding, fetching, unpacking. */
@NonNullByDefault
package org.kmodscope.targets.internal.kernel;

import org.eclipse.jdt.annotation.NonNullByDefault;
