/* SPDX-License-Identifier: EPL-2.0 */
/** What users prefer of labs. */
@NonNullByDefault
package org.kmodscope.ide.lab;

import org.eclipse.jdt.annotation.NonNullByDefault;
