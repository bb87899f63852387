/* SPDX-License-Identifier: EPL-2.0 */
/** Tests inside the package of the same name: this bundle is a fragment of the view's. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.scope.strip;
