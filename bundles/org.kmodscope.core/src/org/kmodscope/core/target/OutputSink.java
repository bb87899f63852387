/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/** Takes what a program in the target prints. */
public interface OutputSink {

    /** Some bytes of standard output. */
    void out(byte[] bytes);

    /** Some bytes of standard error. */
    void err(byte[] bytes);
}
