/* SPDX-License-Identifier: EPL-2.0 */
/** The view Async Scope. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.scope;
