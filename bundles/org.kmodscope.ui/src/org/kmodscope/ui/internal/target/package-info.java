/* SPDX-License-Identifier: EPL-2.0 */
/** What users are asked about targets. */
@NonNullByDefault
package org.kmodscope.ui.internal.target;

import org.eclipse.jdt.annotation.NonNullByDefault;
