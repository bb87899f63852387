/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;

/**
 * The kernel log of a lab. Lines come on a thread of the session's, some time after the kernel
 * wrote them; so this writes marks into the log and waits for them.
 */
final class LabLog implements AutoCloseable {

    private static final String MARK = "kmodscope-matrix: ";
    private static final long LIMIT_SECONDS = 20;

    private final TargetSession session;
    private final TargetSession.Subscription subscription;
    private final List<KernelLogLine> lines = new ArrayList<>();
    private String awaited = "";
    private CompletableFuture<String> arrived = new CompletableFuture<>();
    private int first = -1;

    LabLog(TargetSession session) {
        this.session = session;
        this.subscription = session.onKernelLog(this::take);
    }

    private synchronized void take(KernelLogLine line) {
        lines.add(line);
        if (line.text().equals(awaited)) {
            if (first < 0) {
                first = lines.size();
            }
            arrived.complete(awaited);
        }
    }

    /**
     * Writes a line of its own into the kernel's log and returns when all that was logged before
     * has arrived. What comes after the first mark is the driver's time.
     */
    void mark(String text) throws KmodscopeException, InterruptedException {
        CompletableFuture<String> mark = new CompletableFuture<>();
        synchronized (this) {
            awaited = MARK + text;
            arrived = mark;
        }
        try (RemoteCommand tee = session.start(List.of("tee", "/dev/kmsg"), new Unheard())) {
            tee.write((MARK + text + "\n").getBytes(StandardCharsets.UTF_8));
            tee.closeInput();
            mark.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The kernel log of the lab stands still.",
                    "Run it again; the machine may be too busy.",
                    late);
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    /** All lines so far, as dmesg prints them. */
    synchronized List<String> all() {
        return lines.stream()
                .map(
                        line ->
                                String.format(
                                        Locale.ROOT,
                                        "[%12.6f] %s",
                                        line.timeNanos() / 1e9,
                                        line.text()))
                .toList();
    }

    /** The messages since the first mark. */
    synchronized List<String> sinceFirstMark() {
        return first < 0
                ? List.of()
                : lines.subList(first, lines.size()).stream().map(KernelLogLine::text).toList();
    }

    @Override
    public void close() {
        subscription.close();
    }

    /** What tee repeats. */
    private static final class Unheard implements OutputSink {

        @Override
        public void out(byte[] bytes) {}

        @Override
        public void err(byte[] bytes) {}
    }
}
