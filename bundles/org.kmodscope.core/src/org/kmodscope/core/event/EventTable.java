/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Arrays;

/**
 * Some events in the order of the recording, immutable, held as columns: a table or a painter reads
 * the fields it needs without an object per event.
 */
public final class EventTable {

    private final int size;
    private final long[] words;
    private final byte[] sources;
    private final String[] names;

    private EventTable(Builder from) {
        size = from.size;
        words = Arrays.copyOf(from.words, size * EventCodec.RECORD_WORDS);
        sources = Arrays.copyOf(from.sources, size);
        names = from.names;
    }

    /** How many events. */
    public int size() {
        return size;
    }

    /** The target's CLOCK_MONOTONIC, in nanoseconds. */
    public long timeNanos(int index) {
        return word(index, 0);
    }

    /** What happened. */
    public EventKind kind(int index) {
        return EventCodec.kind(word(index, 1));
    }

    /** See {@link Event#flags}. */
    public int flags(int index) {
        return EventCodec.flags(word(index, 1));
    }

    /** See {@link Event#stream}. */
    public int stream(int index) {
        return EventCodec.stream(word(index, 1));
    }

    /** See {@link Event#request}. */
    public long request(int index) {
        return word(index, 2);
    }

    /** See {@link Event#result}. */
    public long result(int index) {
        return word(index, 3);
    }

    /** See {@link Event#band}. */
    public int band(int index) {
        return EventCodec.band(word(index, 4));
    }

    /** The name of the source that told of it. */
    public String source(int index) {
        return names[sources[index]];
    }

    /** All of an event, as a value. */
    public Event event(int index) {
        return EventCodec.toEvent(
                word(index, 0), word(index, 1), word(index, 2), word(index, 3), word(index, 4));
    }

    private long word(int index, int word) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return words[index * EventCodec.RECORD_WORDS + word];
    }

    /** Collects events for one table. */
    static final class Builder {
        private final String[] names;
        private int size;
        private long[] words;
        private byte[] sources;

        Builder(String[] names, int expected) {
            this.names = names;
            words = new long[expected * EventCodec.RECORD_WORDS];
            sources = new byte[expected];
        }

        void add(int source, long time, long head, long request, long result, long tail) {
            if (size == sources.length) {
                int more = Math.max(16, size * 2);
                words = Arrays.copyOf(words, more * EventCodec.RECORD_WORDS);
                sources = Arrays.copyOf(sources, more);
            }
            sources[size] = (byte) source;
            int at = size * EventCodec.RECORD_WORDS;
            words[at] = time;
            words[at + 1] = head;
            words[at + 2] = request;
            words[at + 3] = result;
            words[at + 4] = tail;
            size++;
        }

        EventTable build() {
            return new EventTable(this);
        }
    }
}
