/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.bench.Pairs.Sample;
import org.kmodscope.bridge.Armed;
import org.kmodscope.bridge.Bridge;
import org.kmodscope.bridge.Running;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.IoModel;

/** One file, read from its beginning to its end by the bridge, by C, or by fio. */
record TransferRuns(Bridge bridge, Peers peers, DataFile file) {

    static final int DEPTH = 32;

    private static final long LIMIT_SECONDS = 120;

    /** Counts completed reads; called by the bridge's thread, read when that has ended. */
    private static final class ReadCounter implements EventSink {

        private final ProcessCpu cpu = new ProcessCpu();
        private final long blocks;
        private long got;
        private long wall;
        private long cpuTime;

        ReadCounter(long blocks) {
            this.blocks = blocks;
        }

        @Override
        public void accept(long time, long head, long request, long result, long tail) {
            EventKind kind = EventCodec.kind(head);
            if (kind == EventKind.AIO_SUBMIT && wall == 0) {
                wall = time;
                cpuTime = cpu.nanos();
            } else if (kind == EventKind.AIO_COMPLETE && result == DataFile.BLOCK) {
                got++;
                if (got == blocks) {
                    wall = System.nanoTime() - wall;
                    cpuTime = cpu.nanos() - cpuTime;
                }
            }
        }
    }

    /** By the bridge, with one of its models that queue requests. */
    Sample byBridge(IoModel.Queued model) throws KmodscopeException, InterruptedException {
        ReadCounter counter = new ReadCounter(file.blocks());
        int descriptor = file.descriptor();
        try (Armed armed = bridge.armDescriptor(descriptor, model);
                Running running = armed.start(counter)) {
            running.ended().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            running.stop();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    file.path() + " was not read within " + LIMIT_SECONDS + " seconds.",
                    "Name a directory of a faster disk with --dir.",
                    e);
        } finally {
            DataFile.release(descriptor);
        }
        if (counter.got != file.blocks()) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "Of " + file.blocks() + " blocks " + counter.got + " were read.",
                    "This is a defect of kmodscope; please report it.");
        }
        return new Sample(counter.got, counter.wall, counter.cpuTime, 0);
    }

    /** By a C program: {@code kernel-aio}, {@code posix-aio} or {@code uring}. */
    Sample byC(String program) throws KmodscopeException, InterruptedException {
        JsonObject figures = peers.run(program, file.path(), DEPTH, file.direct() ? 1 : 0);
        return new Sample(
                figures.get("events").getAsLong(),
                figures.get("nanos").getAsLong(),
                figures.get("cpu").getAsLong(),
                0);
    }

    static boolean hasFio() {
        return HostCommand.of("fio").locate().isPresent();
    }

    /** By fio's engine for the kernel's AIO. */
    Sample byFio() throws KmodscopeException, InterruptedException {
        Captured ended =
                HostCommand.of(
                                "fio",
                                "--name=kmodscope",
                                "--filename=" + file.path(),
                                "--readonly",
                                "--ioengine=libaio",
                                "--rw=read",
                                "--bs=" + DataFile.BLOCK,
                                "--iodepth=" + DEPTH,
                                "--direct=" + (file.direct() ? 1 : 0),
                                "--invalidate=0",
                                "--output-format=json")
                        .in(file.path().getParent())
                        .providedBy("fio")
                        .capture(new NullProgressMonitor());
        if (ended.exit() != 0) {
            throw new KmodscopeException(Kind.FAILED, "fio failed: " + ended.words(), "");
        }
        JsonObject job =
                JsonParser.parseString(ended.out())
                        .getAsJsonObject()
                        .getAsJsonArray("jobs")
                        .get(0)
                        .getAsJsonObject();
        JsonObject read = job.getAsJsonObject("read");
        // Percent of the run time that the job spent in user and kernel mode.
        double busy = job.get("usr_cpu").getAsDouble() + job.get("sys_cpu").getAsDouble();
        long reads = read.get("total_ios").getAsLong();
        double nanos = reads * 1e9 / read.get("iops").getAsDouble();
        return new Sample(reads, Math.round(nanos), Math.round(nanos * busy / 100), 0);
    }
}
