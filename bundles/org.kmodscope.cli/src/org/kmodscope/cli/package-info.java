/* SPDX-License-Identifier: EPL-2.0 */
/** The command line. */
@NonNullByDefault
package org.kmodscope.cli;

import org.eclipse.jdt.annotation.NonNullByDefault;
