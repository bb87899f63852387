/* SPDX-License-Identifier: EPL-2.0 */
/** The pages of the preference dialog. */
@NonNullByDefault
package org.kmodscope.ui.internal.preferences;

import org.eclipse.jdt.annotation.NonNullByDefault;
