/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

/** Which stream of a program something came from. */
public enum Channel {
    /** Standard output, and standard error where both were joined. */
    OUT,
    /** Standard error. */
    ERR
}
