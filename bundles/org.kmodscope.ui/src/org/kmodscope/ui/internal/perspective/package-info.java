/* SPDX-License-Identifier: EPL-2.0 */
/** The arrangement of views for work on a driver. */
@NonNullByDefault
package org.kmodscope.ui.internal.perspective;

import org.eclipse.jdt.annotation.NonNullByDefault;
