/* SPDX-License-Identifier: EPL-2.0 */
/** What a person sees: two streams, colours, progress, tables, and what Ctrl-C means. */
@NonNullByDefault
package org.kmodscope.cli.internal.terminal;

import org.eclipse.jdt.annotation.NonNullByDefault;
