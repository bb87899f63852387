/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.jdt.annotation.Nullable;

/** A started child and the two threads that read its output; ends with {@link #await}. */
final class RunningProcess {

    private static final long MONITOR_MILLIS = 50;
    private static final long GRACE_MILLIS = 2_000;

    private final Process process;
    private final ByteSink sink;
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private final List<Reader> readers;
    private volatile boolean over;

    RunningProcess(Process process, String program, ByteSink sink) {
        this.process = process;
        this.sink = sink;
        this.readers =
                List.of(
                        new Reader(program, Channel.OUT, process.getInputStream()),
                        new Reader(program, Channel.ERR, process.getErrorStream()));
    }

    int await(IProgressMonitor monitor) throws InterruptedException {
        readers.forEach(reader -> reader.thread.start());
        boolean ended = false;
        try {
            CompletableFuture<Process> exit = process.onExit();
            while (!exited(exit, MONITOR_MILLIS)) {
                check(monitor);
                if (broken.get() != null) {
                    break;
                }
            }
            for (Reader reader : readers) {
                awaitOutput(reader, monitor);
            }
            ended = broken.get() == null;
        } finally {
            over = true;
            if (!ended) {
                endTree();
            }
            endReaders();
        }
        Throwable failure = broken.get();
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (failure instanceof Error thrown) {
            throw thrown;
        }
        return process.exitValue();
    }

    /**
     * Waits for the rest of what an ended program printed, however slow the sink is. Time that the
     * reader waits for more counts against it: a child that the program left behind may hold the
     * pipe open for ever.
     */
    private void awaitOutput(Reader reader, IProgressMonitor monitor) throws InterruptedException {
        long waited = 0;
        while (waited < GRACE_MILLIS
                && broken.get() == null
                && !reader.thread.join(Duration.ofMillis(MONITOR_MILLIS))) {
            check(monitor);
            waited += reader.inSink ? 0 : MONITOR_MILLIS;
        }
    }

    private static void check(IProgressMonitor monitor) {
        if (monitor.isCanceled()) {
            throw new OperationCanceledException();
        }
    }

    /** The thread that hands one stream over. */
    private final class Reader {

        private final Channel channel;
        private final InputStream stream;
        private final Thread thread;
        private volatile boolean inSink;

        Reader(String program, Channel channel, InputStream stream) {
            this.channel = channel;
            this.stream = stream;
            thread =
                    Thread.ofPlatform()
                            .name("kmodscope " + program + " " + channel)
                            .daemon()
                            .unstarted(this::read);
        }

        private void read() {
            byte[] buffer = new byte[16 * 1024];
            try {
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    if (n > 0 && !over) {
                        inSink = true;
                        sink.bytes(channel, Arrays.copyOf(buffer, n));
                        inSink = false;
                    }
                }
            } catch (IOException e) {
                // The stream is closed under a reader only when the process is being given up.
                return;
            } catch (RuntimeException | Error e) {
                broken.compareAndSet(null, e);
            }
        }
    }

    /**
     * Ends the program and its descendants; the caller's interruption does not shorten it. Only the
     * program itself is waited for: it alone is a child, whose end the JVM learns at once.
     */
    private void endTree() {
        List<ProcessHandle> tree =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        tree.forEach(ProcessHandle::destroy);
        boolean interrupted = !exitedWithin(GRACE_MILLIS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        tree.forEach(ProcessHandle::destroyForcibly);
        interrupted |= !exitedWithin(GRACE_MILLIS);
        if (process.isAlive()) {
            throw new IllegalStateException("process " + process.pid() + " does not end");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the program; false when the waiting was interrupted. */
    private boolean exitedWithin(long millis) {
        try {
            process.waitFor(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void endReaders() throws InterruptedException {
        try {
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close the pipes of " + process.pid(), e);
        }
        for (Reader reader : readers) {
            reader.thread.join(GRACE_MILLIS);
        }
    }

    private static boolean exited(CompletableFuture<?> exit, long millis)
            throws InterruptedException {
        try {
            exit.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
