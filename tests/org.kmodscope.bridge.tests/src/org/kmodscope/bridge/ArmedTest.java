/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.IoModel.Direction;

/** What a caller does out of order, and the compiler lets pass, is refused and does no harm. */
@Timeout(60)
class ArmedTest {

    private static final EventSink NOBODY = (time, head, request, result, tail) -> {};

    static Stream<IoModel> models() {
        return Stream.of(
                new IoModel.Signals(true, 16),
                new IoModel.Poll(16),
                new IoModel.KernelAio(Direction.READ, 2, 16));
    }

    private static Armed arm(Ends pipe, IoModel model) throws Exception {
        return Bridge.open().armDescriptor(pipe.reader(), model);
    }

    @ParameterizedTest
    @MethodSource("models")
    void startedAgainItIsRefusedAndTheFirstGoesOn(IoModel model) throws Exception {
        Recorder recorder = new Recorder();
        try (Ends pipe = Posix.pipe();
                Armed armed = arm(pipe, model);
                Running running = armed.start(recorder)) {
            assertThrows(IllegalStateException.class, () -> armed.start(NOBODY));
            assertThrows(IllegalStateException.class, armed::asSource);
            pipe.write(5);
            recorder.await(all -> Watching.bytes(all) == 5);
            running.stop();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void closedItIsNotStarted(IoModel model) throws Exception {
        try (Ends pipe = Posix.pipe()) {
            Armed armed = arm(pipe, model);
            armed.close();
            assertThrows(IllegalStateException.class, () -> armed.start(NOBODY));
            assertThrows(IllegalStateException.class, armed::asSource);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void theSinkIsToldThatItCannotWaitForItself(IoModel model) throws Exception {
        CompletableFuture<Running> own = new CompletableFuture<>();
        CompletableFuture<IllegalStateException> refused = new CompletableFuture<>();
        try (Ends pipe = Posix.pipe();
                Armed armed = arm(pipe, model)) {
            EventSink sink =
                    (time, head, request, result, tail) -> {
                        Running running = own.join();
                        refused.complete(assertThrows(IllegalStateException.class, running::close));
                        assertThrows(IllegalStateException.class, running::stop);
                    };
            try (Running running = armed.start(sink)) {
                own.complete(running);
                pipe.write(1);
                String why = refused.get(30, TimeUnit.SECONDS).getMessage();
                assertTrue(why.contains("another one"), why);
                assertEquals(Optional.empty(), end(running).failure());
            }
        }
    }

    private static SourceEnd end(Running running) throws Exception {
        running.stop();
        return running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /**
     * Who is told of the end is on the thread that delivered, when there is nothing to wait for.
     */
    @Test
    void whoIsToldOfTheEndMayCloseIt() throws Exception {
        Ends pipe = Posix.pipe();
        try (Armed armed = arm(pipe, new IoModel.Poll(16));
                Running running = armed.start(NOBODY)) {
            CompletableFuture<Void> closed =
                    running.ended().thenRun(running::close).toCompletableFuture();
            Libc.close(pipe.writer());
            closed.get(30, TimeUnit.SECONDS);
        }
        Libc.close(pipe.reader());
    }
}
