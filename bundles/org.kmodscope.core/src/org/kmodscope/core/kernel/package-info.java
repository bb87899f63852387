/* SPDX-License-Identifier: EPL-2.0 */
/** Kernels a driver can be built for and booted with. */
@NonNullByDefault
package org.kmodscope.core.kernel;

import org.eclipse.jdt.annotation.NonNullByDefault;
