/* SPDX-License-Identifier: EPL-2.0 */
/** Boards reached by SSH. */
@NonNullByDefault
package org.kmodscope.targets.internal.ssh;

import org.eclipse.jdt.annotation.NonNullByDefault;
