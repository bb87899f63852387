/* SPDX-License-Identifier: EPL-2.0 */
/** What a board's session begins with, without the session. */
package org.kmodscope.targets.internal.ssh;
