/* SPDX-License-Identifier: EPL-2.0 */
/** Tests in a headless Eclipse. */
@NonNullByDefault
package org.kmodscope.ide.tests;

import org.eclipse.jdt.annotation.NonNullByDefault;
