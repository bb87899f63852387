/* SPDX-License-Identifier: EPL-2.0 */
/** The targets as OSGi services; unused on an ordinary class path. */
@NonNullByDefault
package org.kmodscope.targets.internal.osgi;

import org.eclipse.jdt.annotation.NonNullByDefault;
