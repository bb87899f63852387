/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.IoModel;

/**
 * Has several models watch one device in turns. The records of a model have its place in the list
 * as their stream; a mark tells when its turn begins, which is when it watches, and when it ends.
 *
 * <pre>
 *   model 1  armed ── turn ──┐        armed ── turn ──┐
 *   model 2        armed     └ turn ──┐               └ turn ── …
 * </pre>
 *
 * The next model is armed during a turn, so that the device is unwatched for as short as may be.
 * What is written to it then waits there, and is not measured.
 */
@SuppressWarnings("resource") // what is armed is closed by the turn it is for, or by the end
final class TurnSource implements EventSource {

    /** Opens the device for one of the models. */
    interface Arming {
        Armed arm(IoModel model) throws KmodscopeException, InterruptedException;
    }

    private final IoModel.Turns plan;
    private final List<IoModel> models;
    private final Arming arming;
    private final Object lock = new Object();
    private final List<Optional<Armed>> armed = new ArrayList<>();
    private volatile TransferStatistics done = new TransferStatistics(0, 0, 0, 0, 0);
    private CountDownLatch turnOver = new CountDownLatch(1);
    private boolean stopping;
    private boolean running;

    private TurnSource(IoModel.Turns plan, Arming arming) {
        this.plan = plan;
        this.models = plan.models();
        this.arming = arming;
    }

    /**
     * Arms all models once, so that what one of them lacks is known before the first turn.
     *
     * @throws KmodscopeException as {@link Bridge#arm}
     */
    static TurnSource open(IoModel.Turns plan, Arming arming)
            throws KmodscopeException, InterruptedException {
        TurnSource source = new TurnSource(plan, arming);
        try (Undo undo = new Undo()) {
            undo.with(source::close);
            for (IoModel model : source.models) {
                source.armed.add(Optional.of(arming.arm(model)));
            }
            undo.nothing();
        }
        return source;
    }

    @Override
    public String name() {
        return plan.word();
    }

    /** What was counted in the turns that are over. */
    TransferStatistics statistics() {
        return done;
    }

    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        synchronized (lock) {
            if (running) {
                throw new IllegalStateException("a source runs once");
            }
            running = true;
        }
        try {
            TurnSink records = new TurnSink(sink);
            boolean more = true;
            for (int turn = 0; more && begin(); turn++) {
                more = turn(turn % models.size(), records);
            }
        } finally {
            closeArmed();
        }
    }

    /** Whether there is to be another turn. */
    private boolean begin() {
        synchronized (lock) {
            turnOver = new CountDownLatch(1);
            return !stopping;
        }
    }

    /** One turn; false when it ended before its time, or left requests that nobody can cancel. */
    private boolean turn(int place, TurnSink records)
            throws KmodscopeException, InterruptedException {
        CountDownLatch over;
        synchronized (lock) {
            over = turnOver;
        }
        records.next(place + 1);
        boolean early;
        try (Running now = armed(place).start(records)) {
            records.begin(System.nanoTime());
            now.ended().thenRun(over::countDown);
            armed((place + 1) % models.size());
            early = over.await(plan.each().toNanos(), TimeUnit.NANOSECONDS);
            count(models.get(place), now.stop().statistics());
        } finally {
            armed.set(place, Optional.empty());
            records.end(System.nanoTime());
        }
        return !early && done.outstanding() == 0;
    }

    private Armed armed(int place) throws KmodscopeException, InterruptedException {
        Optional<Armed> ready = armed.get(place);
        if (ready.isPresent()) {
            return ready.get();
        }
        Armed next = arming.arm(models.get(place));
        armed.set(place, Optional.of(next));
        return next;
    }

    private void count(IoModel model, SourceStatistics turn) {
        if (turn instanceof TransferStatistics more) {
            // Only the kernel's own requests keep the device, and the process, when left behind.
            long ended = model instanceof IoModel.KernelAio ? more.ended() : more.started();
            done =
                    new TransferStatistics(
                            done.started() + more.started(),
                            done.ended() + ended,
                            done.failed() + more.failed(),
                            done.cancelled() + more.cancelled(),
                            done.bytes() + more.bytes());
        }
    }

    private void closeArmed() {
        for (int place = 0; place < armed.size(); place++) {
            armed.get(place).ifPresent(Armed::close);
            armed.set(place, Optional.empty());
        }
    }

    @Override
    public void stop() {
        synchronized (lock) {
            stopping = true;
            turnOver.countDown();
            if (!running) {
                closeArmed();
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
