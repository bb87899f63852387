/* SPDX-License-Identifier: EPL-2.0 */
/** The kernel store in the background of the IDE. */
@NonNullByDefault
package org.kmodscope.ide.kernel;

import org.eclipse.jdt.annotation.NonNullByDefault;
