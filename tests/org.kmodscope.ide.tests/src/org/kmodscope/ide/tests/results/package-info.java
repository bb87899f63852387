/* SPDX-License-Identifier: EPL-2.0 */
/** Tests of the history of runs and of how it is told. */
@NonNullByDefault
package org.kmodscope.ide.tests.results;

import org.eclipse.jdt.annotation.NonNullByDefault;
