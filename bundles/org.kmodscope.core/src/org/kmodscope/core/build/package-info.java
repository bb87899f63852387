/* SPDX-License-Identifier: EPL-2.0 */
/** Building a module out of tree and reading what the compiler says. */
@NonNullByDefault
package org.kmodscope.core.build;

import org.eclipse.jdt.annotation.NonNullByDefault;
