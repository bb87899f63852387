/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/**
 * Takes what a program in the target prints. Called in order, by one thread at a time; a sink that
 * is slow slows the program down, and one that waits for an answer of the session may wait for
 * ever.
 */
public interface OutputSink {

    /** Some bytes of standard output. */
    void out(byte[] bytes);

    /** Some bytes of standard error. */
    void err(byte[] bytes);
}
