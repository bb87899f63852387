/* SPDX-License-Identifier: EPL-2.0 */
/** Driver projects of the workspace: how they come to be, what they say, what is wrong in them. */
@NonNullByDefault
package org.kmodscope.ide.project;

import org.eclipse.jdt.annotation.NonNullByDefault;
