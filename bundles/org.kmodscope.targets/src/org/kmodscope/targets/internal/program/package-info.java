/* SPDX-License-Identifier: EPL-2.0 */
/** The agent as a program of a machine that is no lab: the user's own, or a board. */
@NonNullByDefault
package org.kmodscope.targets.internal.program;

import org.eclipse.jdt.annotation.NonNullByDefault;
