/* SPDX-License-Identifier: EPL-2.0 */
/** Tests of the view Async Scope, inside its packages: this bundle is a fragment of the view's. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.scope;
