/* SPDX-License-Identifier: EPL-2.0 */
/** The wizard that makes a driver project. */
@NonNullByDefault
package org.kmodscope.ui.internal.wizard;

import org.eclipse.jdt.annotation.NonNullByDefault;
