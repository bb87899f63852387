/* SPDX-License-Identifier: EPL-2.0 */
/** What users see in Eclipse. */
@NonNullByDefault
package org.kmodscope.ui;

import org.eclipse.jdt.annotation.NonNullByDefault;
