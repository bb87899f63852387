/* SPDX-License-Identifier: EPL-2.0 */
/** The host's side of the agent: its protocol, its programs, and how it is built. */
@NonNullByDefault
package org.kmodscope.targets.internal.agent;

import org.eclipse.jdt.annotation.NonNullByDefault;
