/* SPDX-License-Identifier: EPL-2.0 */
/**
 * The only door to native code: signals and asynchronous I/O of the machine that runs this Java.
 */
@NonNullByDefault
package org.kmodscope.bridge;

import org.eclipse.jdt.annotation.NonNullByDefault;
