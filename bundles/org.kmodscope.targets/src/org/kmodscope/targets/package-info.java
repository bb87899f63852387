/* SPDX-License-Identifier: EPL-2.0 */
/** The places a driver can run in, and the kernels that run there. */
@NonNullByDefault
package org.kmodscope.targets;

import org.eclipse.jdt.annotation.NonNullByDefault;
