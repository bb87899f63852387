/* SPDX-License-Identifier: EPL-2.0 */
/** The guide from old drivers to today's, as a dialog. */
@NonNullByDefault
package org.kmodscope.ui.internal.help;

import org.eclipse.jdt.annotation.NonNullByDefault;
