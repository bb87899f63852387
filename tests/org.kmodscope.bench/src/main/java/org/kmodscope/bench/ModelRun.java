/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventPump;
import org.kmodscope.core.event.EventRecorder;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.Viewport;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * The recorder under a steady load, with a picture in every snapshot as the view asks for it.
 *
 * @param sent events that were given to it
 * @param lost what it does not have of them, told or not
 * @param cpuShare how busy its thread was, of one CPU
 * @param heapBytes what it holds of Java's heap with a full window
 */
record ModelRun(long sent, long lost, double cpuShare, long heapBytes) {

    static final int RATE = 200_000;

    private static final String THREAD = "kmodscope-model";
    private static final Viewport PICTURE = new Viewport.Live(5_000_000_000L, 1600);

    /**
     * The main class of a JVM of its own, so that what was allocated for another measurement does
     * not change this one.
     *
     * @param args how many seconds; prints what this record has, line by line
     */
    public static void main(String[] args) throws KmodscopeException, InterruptedException {
        ModelRun run = measure(Duration.ofSeconds(Integer.parseInt(args[0])));
        System.out.println(run.sent());
        System.out.println(run.lost());
        System.out.println(run.cpuShare());
        System.out.println(run.heapBytes());
    }

    /** One such run, in a JVM of its own. */
    static ModelRun forked(int seconds) throws KmodscopeException, InterruptedException {
        Captured ended =
                HostCommand.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                // Whose figure of the heap is that of the objects, not of regions.
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ModelRun.class.getName(),
                                Integer.toString(seconds))
                        .capture(new NullProgressMonitor());
        if (ended.exit() != 0) {
            throw new KmodscopeException(
                    Kind.FAILED, "The run of the model failed: " + ended.words(), "");
        }
        double[] told = ended.out().lines().mapToDouble(Double::parseDouble).toArray();
        return new ModelRun((long) told[0], (long) told[1], told[2], (long) told[3]);
    }

    /** Runs it so long. */
    static ModelRun measure(Duration length) throws KmodscopeException, InterruptedException {
        long before = usedHeap();
        EventRecorder.Listener silent = new EventRecorder.Listener() {};
        try (EventRecorder recorder =
                EventRecorder.start(EventRecorder.Settings.defaults(), silent)) {
            recorder.requestViewport(PICTURE);
            Steady source = new Steady(RATE * length.toSeconds());
            long thread = idOfModelThread();
            long cpu = threads().getThreadCpuTime(thread);
            long start = System.nanoTime();
            EventPump pump = recorder.attach(source);
            source.done.await();
            double share =
                    (double) (threads().getThreadCpuTime(thread) - cpu)
                            / (System.nanoTime() - start);
            pump.close();
            long lost = source.count - recorder.finish().events();
            long heap = usedHeap() - before;
            Reference.reachabilityFence(recorder);
            return new ModelRun(source.count, lost, share, heap);
        }
    }

    private static ThreadMXBean threads() {
        return ManagementFactory.getThreadMXBean();
    }

    private static long idOfModelThread() throws KmodscopeException {
        for (ThreadInfo info : threads().getThreadInfo(threads().getAllThreadIds())) {
            if (info != null && info.getThreadName().equals(THREAD)) {
                return info.getThreadId();
            }
        }
        throw new KmodscopeException(
                Kind.FAILED,
                "The recorder has no thread \"" + THREAD + "\".",
                "This is a defect of the benchmark; please report it.");
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Signals, each answered by a read, evenly in time; a millisecond's worth in a row. */
    private static final class Steady implements EventSource {

        private static final int PER_MILLISECOND = RATE / 1000;

        private final long count;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile boolean stopping;

        Steady(long count) {
            this.count = count;
        }

        @Override
        public String name() {
            return "bench";
        }

        @Override
        public void run(EventSink sink) {
            long start = System.nanoTime();
            for (long event = 0; event < count && !stopping; event++) {
                if (event % PER_MILLISECOND == 0) {
                    long due = start + event / PER_MILLISECOND * 1_000_000;
                    for (long left = due - System.nanoTime();
                            left > 0 && !stopping;
                            left = due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                }
                EventKind kind =
                        switch ((int) (event % 3)) {
                            case 0 -> EventKind.SIGIO_IN;
                            case 1 -> EventKind.READ_START;
                            default -> EventKind.READ_END;
                        };
                sink.accept(
                        System.nanoTime(),
                        EventCodec.head(kind, 0, 1),
                        kind == EventKind.SIGIO_IN ? 0 : 1 + event / 3,
                        kind == EventKind.READ_END ? 1 : 0,
                        EventCodec.tail(0, (int) event));
            }
            done.countDown();
        }

        @Override
        public void stop() {
            stopping = true;
        }

        @Override
        public void close() {
            stop();
        }
    }
}
