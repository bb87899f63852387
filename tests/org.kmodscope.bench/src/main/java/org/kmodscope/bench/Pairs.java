/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.kmodscope.core.KmodscopeException;

/**
 * Runs of kmodscope and of a C program in turn, so that what the machine does meanwhile happens to
 * both.
 */
record Pairs(List<Sample> own, List<Sample> c) {

    /** One run. */
    interface Run {
        Sample run() throws KmodscopeException, InterruptedException;
    }

    /**
     * What one run gave; process CPU time, so that the collector and the compiler count, too.
     *
     * @param events how many
     * @param nanos from the first to the last
     * @param cpuNanos of the whole process meanwhile
     * @param p50Nanos the median latency, 0 when not asked for
     */
    record Sample(long events, long nanos, long cpuNanos, long p50Nanos) {

        /** Refuses what cannot be divided by: a run that measured nothing. */
        Sample {
            if (events <= 0 || nanos <= 0 || cpuNanos < 0) {
                throw new IllegalArgumentException(
                        events + " events, " + nanos + " ns, " + cpuNanos + " ns of CPU");
            }
        }

        double perSecond() {
            return events * 1e9 / nanos;
        }

        double cpuPerEvent() {
            return cpuNanos / 1e3 / events;
        }

        double p50() {
            return p50Nanos / 1e3;
        }
    }

    /** Of the time of a run, what the JVM's compiler may take before the runs that count. */
    private static final double COMPILING = 0.01;

    private static final int MOST_WARM_UPS = 12;

    /** Runs until the JVM has compiled what it will: that is its start, and not what it costs. */
    static void warmUp(Run own) throws KmodscopeException, InterruptedException {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        for (int run = 0; run < MOST_WARM_UPS; run++) {
            long before = compiler.getTotalCompilationTime();
            long nanos = own.run().nanos();
            if ((compiler.getTotalCompilationTime() - before) * 1e6 < COMPILING * nanos) {
                return;
            }
        }
    }

    /**
     * A B B A A B …, after one of each and one more of Java's that are not counted: who comes first
     * takes turns, too, so that a machine that becomes faster or slower favours none.
     */
    static Pairs measure(int count, Run own, Run c)
            throws KmodscopeException, InterruptedException {
        own.run();
        c.run();
        own.run();
        List<Sample> ours = new ArrayList<>();
        List<Sample> theirs = new ArrayList<>();
        for (int pair = 0; pair < count; pair++) {
            if (pair % 2 == 0) {
                ours.add(own.run());
                theirs.add(c.run());
            } else {
                theirs.add(c.run());
                ours.add(own.run());
            }
        }
        return new Pairs(ours, theirs);
    }

    /** A line of the report about one figure of these runs. */
    Row.Measured row(
            String name,
            String title,
            String unit,
            ToDoubleFunction<Sample> figure,
            Optional<Budget> budget) {
        double[] ours = own.stream().mapToDouble(figure).toArray();
        double[] theirs = c.stream().mapToDouble(figure).toArray();
        return new Row.Measured(
                name,
                title,
                unit,
                Spread.of(ours),
                Optional.of(Spread.of(theirs)),
                Optional.of(Spread.ofRatios(ours, theirs)),
                budget,
                "");
    }
}
