/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * Takes records, five words each as laid out by {@link EventCodec}. Called by one thread only;
 * never blocks and never allocates.
 */
@FunctionalInterface
public interface EventSink {

    /** Takes one record; when there is no room it is counted as lost, not waited for. */
    void accept(long time, long head, long request, long result, long tail);
}
