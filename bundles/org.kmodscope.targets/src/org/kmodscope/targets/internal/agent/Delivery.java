/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The thread on which listeners are called, apart from the one that reads answers. Bounded by
 * bytes: listeners that are slow slow down what produces their input. So a listener must not wait
 * for an answer: behind a full queue it would never be read.
 */
final class Delivery {

    static final int WAITING_BYTES_MAX = 4 * 1024 * 1024;

    private record Call(int bytes, Runnable what) {}

    private final Deque<Call> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long waitingBytes;
    private boolean ended;

    Delivery(String name) {
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Has it called behind all that wait; waits for room. After the end it is dropped.
     *
     * @param bytes what the call holds in memory
     */
    synchronized void deliver(int bytes, Runnable call) throws InterruptedException {
        while (!ended && waitingBytes > 0 && waitingBytes + bytes > WAITING_BYTES_MAX) {
            wait();
        }
        add(new Call(bytes, call));
    }

    /** As {@link #deliver}, but never waits: for what holds next to nothing and comes seldom. */
    synchronized void deliverAlways(Runnable call) {
        add(new Call(0, call));
    }

    /** Has it end; what still waits is dropped. */
    synchronized void end() {
        ended = true;
        waiting.clear();
        notifyAll();
        thread.interrupt();
    }

    Thread thread() {
        return thread;
    }

    private synchronized void add(Call call) {
        if (!ended) {
            waiting.addLast(call);
            waitingBytes += call.bytes();
            notifyAll();
        }
    }

    private synchronized Optional<Call> next() throws InterruptedException {
        while (!ended && waiting.isEmpty()) {
            wait();
        }
        if (ended) {
            return Optional.empty();
        }
        Call call = waiting.removeFirst();
        waitingBytes -= call.bytes();
        notifyAll();
        return Optional.of(call);
    }

    private void run() {
        try {
            for (Optional<Call> call = next(); call.isPresent(); call = next()) {
                run(call.get().what());
            }
        } catch (InterruptedException e) {
            return; // by end()
        }
    }

    private void run(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            // A listener's mistake. It must not keep the others from hearing.
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
