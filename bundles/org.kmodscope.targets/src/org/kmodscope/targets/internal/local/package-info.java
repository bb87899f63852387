/* SPDX-License-Identifier: EPL-2.0 */
/** This machine's own kernel as a target: who becomes root for it, what it refuses and why. */
@NonNullByDefault
package org.kmodscope.targets.internal.local;

import org.eclipse.jdt.annotation.NonNullByDefault;
