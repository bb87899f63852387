/* SPDX-License-Identifier: EPL-2.0 */
/** Tests of the kernel store's jobs. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ide.tests.kernel;
