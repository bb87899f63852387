/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.IoModel.Direction;

/** What all models but signals have in common, on pipes and files of this machine. */
@Timeout(60)
class TransferTest {

    /** With a pipe in the mode that the model is for. */
    record Case(IoModel model, boolean waits) {

        Ends pipe() {
            return waits ? Posix.waitingPipe() : Posix.pipe();
        }

        @Override
        public String toString() {
            return model.toString();
        }
    }

    static Stream<Case> readers() {
        return Stream.of(
                new Case(new IoModel.KernelAio(Direction.READ, 4, 64), false),
                new Case(new IoModel.KernelAio(Direction.READ, 1, 64), true),
                new Case(new IoModel.PosixAio(Direction.READ, 4, 64), true),
                new Case(new IoModel.IoUring(Direction.READ, 4, 64), true),
                new Case(new IoModel.Poll(64), false),
                new Case(new IoModel.Epoll(64), false),
                new Case(new IoModel.Blocking(Direction.READ, 64), true));
    }

    static Stream<Case> writers() {
        return Stream.of(
                new Case(new IoModel.KernelAio(Direction.WRITE, 2, 100), false),
                new Case(new IoModel.KernelAio(Direction.WRITE, 2, 100), true),
                new Case(new IoModel.PosixAio(Direction.WRITE, 2, 100), true),
                new Case(new IoModel.IoUring(Direction.WRITE, 2, 100), true),
                new Case(new IoModel.Blocking(Direction.WRITE, 100), true));
    }

    static Stream<IoModel> queued() {
        return Stream.of(
                new IoModel.KernelAio(Direction.READ, 4, 512),
                new IoModel.PosixAio(Direction.READ, 4, 512),
                new IoModel.IoUring(Direction.READ, 4, 512));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void readsAllThatIsWritten(Case model) throws Exception {
        try (Ends pipe = model.pipe();
                Watching watching = Watching.start(pipe.reader(), model.model())) {
            for (int i = 1; i <= 50; i++) {
                pipe.write(i);
                watching.awaitBytes(i * (i + 1) / 2);
            }
            // So that no call waits: the one that glibc carries out could not be cancelled.
            Libc.close(pipe.writer());
            assertEquals(Optional.empty(), watching.ended().failure());
            TransferStatistics done = watching.stop();
            assertEquals(1275, done.bytes());
            watching.assertPaired(done);
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void stopsWhileItWaits(Case model) throws Exception {
        try (Ends pipe = model.pipe();
                Watching watching = Watching.start(pipe.reader(), model.model())) {
            pipe.write(1);
            watching.awaitBytes(1);
            TransferStatistics done = watching.stop();
            assertEquals(1, done.bytes());
            watching.assertPaired(done);
            boolean glibcWaits = model.model() instanceof IoModel.PosixAio;
            assertEquals(glibcWaits ? 1 : 0, done.outstanding());
            pipe.write(1);
        }
    }

    @ParameterizedTest
    @MethodSource("writers")
    void writesUntilThereIsNoRoomAndGoesOnWhenThereIs(Case model) throws Exception {
        try (Ends pipe = model.pipe();
                Watching watching = Watching.start(pipe.writer(), model.model())) {
            watching.awaitBytes(60_000);
            Posix.unblock(pipe.reader());
            Posix.empty(pipe.reader());
            watching.awaitBytes(120_000);
            TransferStatistics done = watching.stop();
            assertTrue(done.bytes() >= 120_000);
            watching.assertPaired(done);
            Posix.empty(pipe.reader());
        }
    }

    @ParameterizedTest
    @MethodSource("queued")
    void aFileIsReadToItsEndWithAPartialLastRead(IoModel model, @TempDir Path directory)
            throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[10 * 512 + 7]);
        try (Armed armed = Bridge.open().arm(new ArmRequest(file.toString(), model))) {
            Recorder recorder = new Recorder();
            try (Running running = armed.start(recorder)) {
                SourceEnd end = running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
                assertEquals(Optional.empty(), end.failure());
                running.stop();
            }
            List<Long> results =
                    recorder.events(EventKind.AIO_COMPLETE).stream().map(Event::result).toList();
            assertEquals(10, results.stream().filter(result -> result == 512).count());
            assertEquals(1, results.stream().filter(result -> result == 7).count());
            assertTrue(results.contains(0L));
        }
    }

    @Test
    void soManyRequestsAreOutstandingAsWereAskedFor() throws Exception {
        try (Ends pipe = Posix.waitingPipe();
                Watching watching =
                        Watching.start(
                                pipe.reader(), new IoModel.IoUring(Direction.READ, 16, 10))) {
            watching.recorder.await(EventKind.AIO_SUBMIT, 16);
            pipe.write(25);
            watching.recorder.await(EventKind.AIO_SUBMIT, 19);
            assertEquals(16, watching.statistics().outstanding());
            TransferStatistics done = watching.stop();
            assertEquals(16, done.cancelled());
            // In whatever order: before Linux 6.4 each read of a pipe is a worker thread's.
            assertEquals(
                    List.of(5L, 10L, 10L),
                    watching.recorder.events(EventKind.AIO_COMPLETE).stream()
                            .map(Event::result)
                            .sorted()
                            .toList());
            // A worker is interrupted, what waits otherwise is cancelled.
            assertEquals(
                    List.of(),
                    watching.recorder.events(EventKind.AIO_CANCEL).stream()
                            .map(Event::result)
                            .filter(result -> result != -Libc.ECANCELED && result != -Libc.EINTR)
                            .toList());
            watching.assertPaired(done);
        }
    }

    @Test
    void whatCannotBeCancelledIsLeftBehindAndFreedWhenItEnds() throws Exception {
        try (Ends pipe = Posix.waitingPipe()) {
            try (Watching watching =
                    Watching.start(pipe.reader(), new IoModel.PosixAio(Direction.READ, 4, 10))) {
                // With its answer, glibc has begun the next.
                pipe.write(10);
                watching.awaitBytes(10);
                TransferStatistics done = watching.stop();
                assertEquals(1, done.outstanding());
                assertEquals(1, done.ended() - done.cancelled());
            }
            assertEquals(3, Posix.shares(pipe.reader()));
            System.gc();
            pipe.write(10);
            Posix.awaitShares(pipe.reader(), 2);
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void aClosedWriterEndsTheSource(Case model) throws Exception {
        Ends pipe = model.pipe();
        try (Watching watching = Watching.start(pipe.reader(), model.model())) {
            Libc.close(pipe.writer());
            assertEquals(Optional.empty(), watching.ended().failure());
            watching.assertPaired(watching.stop());
        }
        Libc.close(pipe.reader());
    }

    @ParameterizedTest
    @MethodSource("readers")
    void whatMayNotBeReadFailsWithTheReason(Case model) throws Exception {
        try (Ends pipe = model.pipe()) {
            // The wrong end: a read of it is EBADF. It never becomes readable, so waiting for that
            // says it.
            try (Watching watching = Watching.start(pipe.writer(), model.model())) {
                if (model.model() instanceof IoModel.Readiness) {
                    Libc.close(pipe.reader());
                    assertEquals(Optional.empty(), watching.ended().failure());
                    assertEquals(1, watching.recorder.events(EventKind.DEVICE_GONE).size());
                    return;
                }
                KmodscopeException failure = watching.ended().failure().orElseThrow();
                assertEquals(Kind.FAILED, failure.kind());
                assertTrue(failure.getMessage().contains("errno 9"), failure.getMessage());
                assertThrows(KmodscopeException.class, watching::stop);
                watching.assertPaired(watching.statistics());
                assertEquals(0, watching.statistics().outstanding());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void neverStartedFreesWhatItHolds(Case model) throws Exception {
        try (Ends pipe = model.pipe()) {
            Armed armed = Bridge.open().armDescriptor(pipe.reader(), model.model());
            EventSource source = armed.asSource();
            assertEquals(3, Posix.shares(pipe.reader()));
            armed.close();
            armed.close();
            assertEquals(2, Posix.shares(pipe.reader()));
            source.run((time, head, request, result, tail) -> {});
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void aSourceThatRanFreesWhatItHeldAndRunsNoMore(Case model) throws Exception {
        try (Ends pipe = model.pipe()) {
            Armed armed = Bridge.open().armDescriptor(pipe.reader(), model.model());
            Recorder recorder = new Recorder();
            try (Running running = armed.start(recorder)) {
                Libc.close(pipe.writer());
                running.ended().toCompletableFuture().get();
            }
            assertEquals(1, Posix.shares(pipe.reader()));
            assertThrows(
                    IllegalStateException.class,
                    () -> armed.asSource().run((time, head, request, result, tail) -> {}));
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void aSinkThatBreaksEndsItWithoutLeavingAnything(Case model) throws Exception {
        try (Ends pipe = model.pipe()) {
            Armed armed = Bridge.open().armDescriptor(pipe.reader(), model.model());
            try (Running running =
                    armed.start(
                            (time, head, request, result, tail) -> {
                                if (Watching.isEnd(
                                        EventCodec.toEvent(time, head, request, result, tail))) {
                                    throw new UnsupportedOperationException("broken");
                                }
                            })) {
                pipe.write(1);
                KmodscopeException failure =
                        running.ended().toCompletableFuture().get().failure().orElseThrow();
                assertTrue(failure.getMessage().contains("broken"), failure.getMessage());
            }
            pipe.write(64);
            Posix.awaitShares(pipe.reader(), 2);
        }
    }

    @Test
    void senselessRequestsAreRefused() throws Exception {
        Bridge bridge = Bridge.open();
        try (Ends pipe = Posix.pipe()) {
            for (IoModel model :
                    List.of(
                            new IoModel.KernelAio(Direction.READ, 0, 1),
                            new IoModel.IoUring(Direction.READ, 1025, 1),
                            new IoModel.PosixAio(Direction.READ, 1, 0),
                            new IoModel.PosixAio(Direction.READ, 1024, 1 << 20),
                            new IoModel.Poll((1 << 20) + 1),
                            new IoModel.Epoll(0),
                            new IoModel.Blocking(Direction.READ, -1))) {
                KmodscopeException refused =
                        assertThrows(
                                KmodscopeException.class,
                                () -> bridge.armDescriptor(pipe.reader(), model));
                assertEquals(Kind.USAGE, refused.kind(), model::toString);
                assertFalse(refused.remedy().isEmpty());
            }
            assertEquals(2, Posix.shares(pipe.reader()));
        }
        try (Ends waiting = Posix.waitingPipe()) {
            for (IoModel model : List.of(new IoModel.Poll(1), new IoModel.Epoll(1))) {
                assertThrows(
                        KmodscopeException.class,
                        () -> bridge.armDescriptor(waiting.reader(), model));
            }
        }
        for (IoModel model : queued().toList()) {
            assertThrows(KmodscopeException.class, () -> bridge.armDescriptor(1 << 20, model));
            KmodscopeException absent =
                    assertThrows(
                            KmodscopeException.class,
                            () -> bridge.arm(new ArmRequest("/dev/not-there", model)));
            assertTrue(absent.getMessage().contains("/dev/not-there"));
        }
    }

    @Test
    void epollRefusesWhatHasNoPollFunction(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("plain"), "text");
        KmodscopeException refused =
                assertThrows(
                        KmodscopeException.class,
                        () ->
                                Bridge.open()
                                        .arm(
                                                new ArmRequest(
                                                        file.toString(), new IoModel.Epoll(16))));
        assertEquals(Kind.FAILED, refused.kind());
        assertTrue(refused.getMessage().contains("no poll function"), refused.getMessage());
    }

    @Test
    void allModelsAtOnceDoNotDisturbEachOther() throws Exception {
        List<Case> models = readers().toList();
        List<Ends> pipes = models.stream().map(Case::pipe).toList();
        List<Watching> all = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            all.add(Watching.start(pipes.get(i).reader(), models.get(i).model()));
        }
        for (int round = 0; round < 200; round++) {
            pipes.forEach(pipe -> pipe.write(1));
        }
        for (Watching watching : all) {
            watching.awaitBytes(200);
        }
        pipes.forEach(pipe -> Libc.close(pipe.writer()));
        for (Watching watching : all) {
            watching.ended();
            watching.assertPaired(watching.stop());
            watching.close();
        }
        pipes.forEach(pipe -> Libc.close(pipe.reader()));
    }
}
