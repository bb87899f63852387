/* SPDX-License-Identifier: EPL-2.0 */
/** Which targets there are, how they are named, and what they need before a module is loaded. */
@NonNullByDefault
package org.kmodscope.ide.target;

import org.eclipse.jdt.annotation.NonNullByDefault;
