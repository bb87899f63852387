/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.target.IoModel;

/** What may happen to a process while requests are outstanding; part of {@link Accidents}. */
final class TransferAccidents {

    private TransferAccidents() {}

    /** A pipe in the mode that the model is for. */
    private static Ends pipe(IoModel model) {
        return model instanceof IoModel.Readiness || model instanceof IoModel.KernelAio
                ? Posix.pipe()
                : Posix.waitingPipe();
    }

    /** All of them, with the model of I/O of this name. */
    static void run(String word) throws Exception {
        IoModel model = IoModel.reading(word, 8, 32).orElseThrow();
        closedInFlight(model);
        collectedInFlight(model);
        collectedWhileWatched(model);
        flooded(model);
        if (!(model instanceof IoModel.Readiness)) {
            // Which installs no handlers, because it needs no signals.
            signalled(model);
        }
        exitInFlight(model);
    }

    /** The caller closes its number, and opens something else under it, while requests wait. */
    private static void closedInFlight(IoModel model) throws Exception {
        Ends pipe = pipe(model);
        try (Ends other = pipe(model);
                Watching watching = Watching.start(pipe.reader(), model)) {
            Posix.dup2(other.reader(), pipe.reader());
            other.write(7);
            pipe.write(5);
            watching.awaitBytes(5);
            Libc.close(pipe.writer());
            watching.ended();
            assertEquals(5, watching.stop().bytes());
        }
    }

    /** Nothing refers to what is outstanding when the answer comes. */
    private static void collectedInFlight(IoModel model) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Ends pipe = pipe(model)) {
                abandon(pipe, model);
                System.gc();
                pipe.write(32);
            }
            System.gc();
        }
    }

    /** The collector runs while the kernel or glibc has the buffers of a source that goes on. */
    private static void collectedWhileWatched(IoModel model) throws Exception {
        int rounds = 20;
        try (Ends pipe = pipe(model);
                Watching watching = Watching.start(pipe.reader(), model)) {
            for (int i = 1; i <= rounds; i++) {
                System.gc();
                pipe.write(1);
                watching.awaitBytes(i);
            }
            Libc.close(pipe.writer());
            watching.ended();
            TransferStatistics done = watching.stop();
            assertEquals(rounds, done.bytes());
            watching.assertPaired(done);
        }
    }

    private static void abandon(Ends pipe, IoModel model) throws Exception {
        try (Watching watching = Watching.start(pipe.reader(), model)) {
            pipe.write(1);
            watching.awaitBytes(1);
        }
    }

    private static void flooded(IoModel model) throws Exception {
        int bytes = 300_000;
        try (Ends pipe = Posix.waitingPipe()) {
            if (model instanceof IoModel.Readiness || model instanceof IoModel.KernelAio) {
                Posix.unblock(pipe.reader());
            }
            try (Watching watching = Watching.start(pipe.reader(), model)) {
                Thread writer =
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            for (int i = 0; i < bytes / 100; i++) {
                                                pipe.write(100);
                                            }
                                        });
                writer.join();
                watching.awaitBytes(bytes);
                Libc.close(pipe.writer());
                watching.ended();
                TransferStatistics done = watching.stop();
                assertEquals(bytes, done.bytes());
                watching.assertPaired(done);
            }
        }
    }

    /** Signals that are not for it, to the whole process, while requests wait. */
    private static void signalled(IoModel model) throws Exception {
        try (Ends pipe = pipe(model);
                Watching watching = Watching.start(pipe.reader(), model)) {
            for (int i = 0; i < 200; i++) {
                Posix.kill(Libc.getpid(), Accidents.RT);
                Posix.kill(Libc.getpid(), Accidents.RT + 1);
                Posix.kill(Libc.getpid(), SignalHandlers.SIGIO);
                pipe.write(1);
                watching.awaitBytes(i + 1);
            }
            Libc.close(pipe.writer());
            watching.ended();
            assertEquals(200, watching.stop().bytes());
        }
    }

    /** The process ends in good order while requests wait. */
    private static void exitInFlight(IoModel model) throws Exception {
        Watching.start(pipe(model).reader(), model);
    }
}
