/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;

/** Takes the events of all sources in the order of their times, to keep them. One thread. */
@FunctionalInterface
public interface EventWriter extends Closeable, Flushable {

    /**
     * Takes one record, five words as laid out by {@link EventCodec}.
     *
     * @param source the name of the source it came from
     */
    void write(String source, long time, long head, long request, long result, long tail)
            throws IOException;

    /** Brings what was taken to where it is kept. */
    @Override
    default void flush() throws IOException {}

    /** Flushes and frees. */
    @Override
    default void close() throws IOException {}
}
