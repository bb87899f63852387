/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What the figures depend on.
 *
 * @param cpus how many this JVM may use
 * @param busy the share of all CPUs that something else took right before, 0 to 1
 * @param kernel its release
 * @param java its version
 */
record Machine(int cpus, double busy, String kernel, String java) {

    /** Above this share, what is measured is also what else runs. */
    private static final double BUSY = 0.15;

    private static final int SECONDS_OF_PATIENCE = 30;

    /** user, nice, system, idle, iowait, irq, softirq, steal of proc_stat(5). */
    private static final int COUNTED = 8;

    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;

    /**
     * As it is when it has become quiet, or as it still is after half a minute. The load average
     * says nothing of that: the build that came before this stays in it for minutes.
     */
    static Machine whenQuiet(Consumer<String> progress) throws IOException, InterruptedException {
        double busy = busyFor1Second();
        if (busy > BUSY) {
            progress.accept("waiting until the machine is quiet");
        }
        for (int second = 0; busy > BUSY && second < SECONDS_OF_PATIENCE; second++) {
            busy = busyFor1Second();
        }
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                busy,
                System.getProperty("os.version") + " " + System.getProperty("os.arch"),
                Runtime.version().toString());
    }

    /** The same machine after the runs, when it was busier than before. */
    Machine after() throws IOException, InterruptedException {
        return new Machine(cpus, Math.max(busy, busyFor1Second()), kernel, java);
    }

    private static double busyFor1Second() throws IOException, InterruptedException {
        long[] before = ticks();
        // There is nothing to wait for but the time that is measured over.
        new CountDownLatch(1).await(1, TimeUnit.SECONDS);
        return busy(before, ticks());
    }

    private static long[] ticks() throws IOException {
        return ticks(Files.readString(Path.of("/proc/stat")));
    }

    /** The first line of /proc/stat: the sum over all CPUs. */
    static long[] ticks(String stat) {
        String[] words = stat.lines().findFirst().orElse("").split(" +");
        return Arrays.stream(words, 1, 1 + COUNTED).mapToLong(Long::parseLong).toArray();
    }

    /** The share of what was not idle between the two; what the host took counts as busy. */
    static double busy(long[] before, long[] after) {
        long all = 0;
        long idle = 0;
        for (int each = 0; each < COUNTED; each++) {
            long ticks = after[each] - before[each];
            all += ticks;
            idle += each == IDLE || each == IO_WAIT ? ticks : 0;
        }
        return all == 0 ? 0 : 1 - (double) idle / all;
    }

    /** Why figures of this machine are not to be trusted; empty when it was idle. */
    Optional<String> tooBusy() {
        return busy <= BUSY
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "The machine is too busy to trust these figures: something else"
                                        + " took %.0f %% of its %d CPUs. Run this again when it is"
                                        + " idle.",
                                100 * busy,
                                cpus));
    }
}
