/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The thread on which listeners are called, so that one that asks the agent for something does not
 * wait for itself. Bounded: listeners that are slow slow down what produces their input.
 */
final class Delivery {

    private static final int WAITING_MAX = 4096;

    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
    private final Thread thread;

    Delivery(String name) {
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Has it called behind all that wait; waits for room. */
    void deliver(Runnable call) throws InterruptedException {
        waiting.put(call);
    }

    /** Ends it; what still waits is dropped. */
    void end() {
        thread.interrupt();
        Threads.join(thread);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                waiting.take().run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // A listener's mistake. It must not keep the others from hearing.
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }
}
