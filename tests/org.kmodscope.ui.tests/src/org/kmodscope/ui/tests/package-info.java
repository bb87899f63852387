/* SPDX-License-Identifier: EPL-2.0 */
/** Tests in a workbench with a display. */
@NonNullByDefault
package org.kmodscope.ui.tests;

import org.eclipse.jdt.annotation.NonNullByDefault;
