/* SPDX-License-Identifier: EPL-2.0 */
/** The QEMU lab: what it boots, the machine itself, and the session on it. */
@NonNullByDefault
package org.kmodscope.targets.internal.lab;

import org.eclipse.jdt.annotation.NonNullByDefault;
