/* SPDX-License-Identifier: EPL-2.0 */
/** kmodscope in Eclipse without a display: projects, jobs, launching. */
@NonNullByDefault
package org.kmodscope.ide;

import org.eclipse.jdt.annotation.NonNullByDefault;
