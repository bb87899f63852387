/* SPDX-License-Identifier: EPL-2.0 */
/** The bridge as a program of its own, inside a lab. */
@NonNullByDefault
package org.kmodscope.bridge.internal;

import org.eclipse.jdt.annotation.NonNullByDefault;
