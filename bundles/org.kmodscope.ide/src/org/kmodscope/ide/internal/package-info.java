/* SPDX-License-Identifier: EPL-2.0 */
/** Components that bring the IDE's parts together. */
@NonNullByDefault
package org.kmodscope.ide.internal;

import org.eclipse.jdt.annotation.NonNullByDefault;
