/* SPDX-License-Identifier: EPL-2.0 */
/** The launch type that runs a probe in a target. */
@NonNullByDefault
package org.kmodscope.ide.launch;

import org.eclipse.jdt.annotation.NonNullByDefault;
