/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeliveryTest {

    private final Delivery delivery = new Delivery("test delivery");
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @BeforeEach
    void start() {
        delivery.start();
    }

    @AfterEach
    void end() {
        delivery.end();
        Threads.join(Threads.deadline(), delivery.thread());
        assertFalse(delivery.thread().isAlive());
    }

    private void hold() {
        entered.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has a call hold the thread and fills the queue to the last byte. */
    private void fill() throws Exception {
        delivery.deliver(1, this::hold);
        assertTrue(entered.await(20, TimeUnit.SECONDS));
        delivery.deliver(Delivery.WAITING_BYTES_MAX, () -> {});
    }

    private FutureTask<Void> oneMore(Runnable call) {
        FutureTask<Void> more =
                new FutureTask<>(
                        () -> {
                            delivery.deliver(1, call);
                            return null;
                        });
        Thread.ofPlatform().daemon().start(more);
        return more;
    }

    @Test
    void itHoldsSoManyBytesAndThenTheProducerWaits() throws Exception {
        fill();
        CountDownLatch called = new CountDownLatch(1);
        FutureTask<Void> more = oneMore(called::countDown);
        assertThrows(TimeoutException.class, () -> more.get(200, TimeUnit.MILLISECONDS));
        go.countDown();
        more.get(20, TimeUnit.SECONDS);
        assertTrue(called.await(20, TimeUnit.SECONDS));
    }

    @Test
    void whatIsAlwaysDeliveredNeverWaits() throws Exception {
        fill();
        CountDownLatch called = new CountDownLatch(1);
        delivery.deliverAlways(called::countDown);
        go.countDown();
        assertTrue(called.await(20, TimeUnit.SECONDS));
    }

    @Test
    void atTheEndWhoWaitsForRoomGoesOn() throws Exception {
        fill();
        FutureTask<Void> more = oneMore(() -> {});
        delivery.end();
        more.get(20, TimeUnit.SECONDS);
        delivery.deliver(Delivery.WAITING_BYTES_MAX, () -> {});
        delivery.deliver(Delivery.WAITING_BYTES_MAX, () -> {});
    }

    @Test
    void anErrorOfAListenerDoesNotEndTheOthers() throws Exception {
        CountDownLatch told = new CountDownLatch(2);
        delivery.thread().setUncaughtExceptionHandler((thread, failure) -> told.countDown());
        CountDownLatch called = new CountDownLatch(1);
        delivery.deliver(
                1,
                () -> {
                    throw new AssertionError("of a listener");
                });
        delivery.deliver(
                1,
                () -> {
                    throw new IllegalStateException("of a listener");
                });
        delivery.deliver(1, called::countDown);
        assertTrue(called.await(20, TimeUnit.SECONDS));
        assertTrue(told.await(20, TimeUnit.SECONDS));
    }
}
