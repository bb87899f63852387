/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.List;
import org.kmodscope.core.KmodscopeException;

/**
 * Where events come from: the JNA bridge in this process, or the stream of an agent or bridge in a
 * target. A source is used once: {@link #run} to its end, {@link #stop} from any thread.
 */
public interface EventSource extends AutoCloseable {

    /** A short name for the column "source": {@code agent}, {@code bridge}. */
    String name();

    /**
     * Sources of their own that its streams are, by name: what has stream 1 comes from the first,
     * and so on; all else from this one. Empty where all streams are this source's.
     */
    default List<String> streams() {
        return List.of();
    }

    /**
     * Delivers events to the sink until {@link #stop} is called or the source ends by itself. Owns
     * the calling thread meanwhile, which must be a platform thread that does nothing else: the
     * bridge changes its signal mask.
     *
     * @throws KmodscopeException when the source broke; what it delivered before stays valid
     */
    void run(EventSink sink) throws KmodscopeException, InterruptedException;

    /**
     * Asks the source to end; {@link #run} then returns after having delivered all that happened
     * before. Harmless when repeated or when it never ran.
     */
    void stop();

    /** Stops and frees what the source holds; waits for nothing. */
    @Override
    void close();
}
