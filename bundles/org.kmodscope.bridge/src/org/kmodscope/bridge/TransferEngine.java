/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.KmodscopeException;

/**
 * One of the three ways to have requests outstanding on a descriptor. Each has room for so many of
 * them, called slots; every slot has a buffer of its own, which lies still until {@link #free}.
 *
 * <p>Belongs to one thread, but {@link #wake}.
 */
interface TransferEngine {

    /** What {@link #slot} says when {@link #wake} was called. */
    int WAKE = -1;

    /** What {@link #slot} says when the readiness is there that {@link #awaitReady} asked for. */
    int READY = -2;

    /** What {@link #slot} says for what needs no attention. */
    int NOTHING = -3;

    /** What {@link #await} takes for "as long as it takes". */
    long FOREVER = -1;

    /**
     * Hands requests over, in this order.
     *
     * @param slots free ones
     * @param offset where in the file the first begins; each of the others begins behind the one
     *     before it. Meaningless for a device without positions
     * @return how many were taken, at least one; or -errno, when the first was refused
     */
    int submit(int[] slots, int from, int to, long offset) throws KmodscopeException;

    /**
     * Waits for requests that ended.
     *
     * @param nanos at most this long, or {@link #FOREVER}
     * @return how many there are to look at; 0 when it was interrupted or the time was up
     */
    int await(long nanos) throws KmodscopeException;

    /** Which one ended. */
    int slot(int index);

    /** How: its byte count or -errno, or the poll bits of {@link #READY}. */
    long result(int index);

    /**
     * Asks for a {@link #READY}.
     *
     * @param events POLLIN or POLLOUT
     * @return false when this engine cannot
     */
    boolean awaitReady(int events) throws KmodscopeException;

    /** Asks for the end of a request before it is done. */
    Cancellation cancel(int slot);

    /**
     * Has the next {@link #wake} noticed by {@link #await}, once, and forgets the earlier ones.
     *
     * @throws KmodscopeException when the engine cannot take even this request
     */
    void listen() throws KmodscopeException;

    /** Has {@link #await} return soon with {@link #WAKE}; from any thread. */
    void wake();

    /** Gives back all that it holds, buffers too. No request may be outstanding. */
    void free();
}
