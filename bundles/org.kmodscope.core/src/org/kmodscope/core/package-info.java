/* SPDX-License-Identifier: EPL-2.0 */
/** What all of kmodscope shares: the one exception type and the places where files are kept. */
@NonNullByDefault
package org.kmodscope.core;

import org.eclipse.jdt.annotation.NonNullByDefault;
