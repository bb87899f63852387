/* SPDX-License-Identifier: EPL-2.0 */
/** From a driver's specification to its source tree: features, names, templates, rendering. */
@NonNullByDefault
package org.kmodscope.core.driver;

import org.eclipse.jdt.annotation.NonNullByDefault;
