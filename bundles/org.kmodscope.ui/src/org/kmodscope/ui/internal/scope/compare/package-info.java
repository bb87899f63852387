/* SPDX-License-Identifier: EPL-2.0 */
/** Events as rows and words: the table, its filter, the kernel log. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.scope.compare;
