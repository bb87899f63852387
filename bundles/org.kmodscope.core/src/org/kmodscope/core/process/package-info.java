/* SPDX-License-Identifier: EPL-2.0 */
/** Child processes of this machine, owned, streamed and cancellable. */
@NonNullByDefault
package org.kmodscope.core.process;

import org.eclipse.jdt.annotation.NonNullByDefault;
