/* SPDX-License-Identifier: EPL-2.0 */
/** What runs of probes, in one lab or on all kernels, came to; kept for the view that shows it. */
@NonNullByDefault
package org.kmodscope.ide.results;

import org.eclipse.jdt.annotation.NonNullByDefault;
