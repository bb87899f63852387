/* SPDX-License-Identifier: EPL-2.0 */
/** Tests of what targets there are and what they need. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ide.tests.target;
