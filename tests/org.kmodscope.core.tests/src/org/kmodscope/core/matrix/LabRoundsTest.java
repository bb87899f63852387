/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;

/** What is done in a lab, in which order; the lab is one that only writes it down. */
@Timeout(60)
class LabRoundsTest {

    private static final String KTAP = "KTAP version 1\n1..1\nok 1 it works\n";

    @TempDir Path work;
    private final List<String> done = new ArrayList<>();
    private String refused = "";

    @Test
    void theProbesRunOnceAndTheDriverComesBack() throws Exception {
        Map<MatrixStep, MatrixCell> cells = run(1);
        assertEquals(List.of("load", "probe", "unload", "load", "unload"), done);
        assertEquals("1 ok", cells.get(MatrixStep.PROBES).text());
        assertEquals(MatrixVerdict.PASSED, cells.get(MatrixStep.UNLOAD).verdict());
    }

    @Test
    void eachRepetitionLoadsTheDriverAnew() throws Exception {
        Map<MatrixStep, MatrixCell> cells = run(2);
        assertEquals(
                List.of("load", "probe", "unload", "load", "probe", "unload", "load", "unload"),
                done);
        assertEquals("2 ok", cells.get(MatrixStep.PROBES).text());
    }

    @Test
    void aDriverThatDoesNotComeBackFailsToLoad() throws Exception {
        refused = "load after unload";
        Map<MatrixStep, MatrixCell> cells = run(1);
        assertEquals(MatrixVerdict.FAILED, cells.get(MatrixStep.LOAD).verdict());
        assertEquals(
                List.of("It is there already.", "Look at its exit function."),
                cells.get(MatrixStep.LOAD).details());
        assertEquals("1 ok", cells.get(MatrixStep.PROBES).text());
    }

    @Test
    void howOftenIsLimited() {
        MatrixRequest request = new MatrixRequest(work, List.of("a"));
        assertEquals(1, request.repeats());
        assertEquals(3, request.repeated(3).shard(1, 1).repeats());
        assertThrows(IllegalArgumentException.class, () -> request.repeated(0));
        int tooMany = MatrixRequest.MOST_REPEATS + 1;
        assertThrows(IllegalArgumentException.class, () -> request.repeated(tooMany));
    }

    private Map<MatrixStep, MatrixCell> run(int repeats) throws Exception {
        RowLogs logs = new RowLogs(work.resolve("logs"));
        logs.clear();
        Path program = Files.createFile(work.resolve("probe"));
        ProbeSpec probe = new ProbeSpec(work, "probe", List.of(), Duration.ofSeconds(30));
        RowMonitor monitor =
                new RowMonitor(new RowMonitor.Whole(new NullProgressMonitor(), 1, new Deaf()), "a");
        DriverSpec driver = DriverSpec.named("fifo").build();
        try (LabRounds rounds = new LabRounds(session(), driver, logs, monitor)) {
            rounds.run(repeats, work.resolve("fifo.ko"), Map.of(probe, program), List.of());
            return rounds.cells();
        }
    }

    /** Answers to what a round asks for, and to nothing else. */
    private TargetSession session() {
        List<Consumer<KernelLogLine>> log = new ArrayList<>();
        return (TargetSession)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {TargetSession.class},
                        (self, method, arguments) ->
                                switch (method.getName()) {
                                    case "onKernelLog" -> {
                                        @SuppressWarnings("unchecked")
                                        Consumer<KernelLogLine> listener =
                                                (Consumer<KernelLogLine>) arguments[0];
                                        log.add(listener);
                                        yield (TargetSession.Subscription) () -> {};
                                    }
                                    case "load", "unload" -> {
                                        step(method.getName());
                                        yield null;
                                    }
                                    case "start" -> started(arguments, log);
                                    case "put", "close" -> null;
                                    case "scratch" -> InvocationHandler.invokeDefault(self, method);
                                    default -> throw new AssertionError(method);
                                });
    }

    private void step(String what) throws KmodscopeException {
        String last = done.isEmpty() ? "" : done.getLast();
        if ((what + " after " + last).equals(refused)) {
            throw new KmodscopeException(
                    Kind.FAILED, "It is there already.", "Look at its exit function.");
        }
        done.add(what);
    }

    private RemoteCommand started(Object[] arguments, List<Consumer<KernelLogLine>> log) {
        boolean mark = ((List<?>) arguments[0]).getFirst().equals("tee");
        if (!mark) {
            done.add("probe");
            ((OutputSink) arguments[1]).out(KTAP.getBytes(StandardCharsets.UTF_8));
        }
        return new RemoteCommand() {
            @Override
            public int waitFor(IProgressMonitor monitor) {
                return 0;
            }

            @Override
            public void write(byte[] bytes) {
                String line = new String(bytes, StandardCharsets.UTF_8).strip();
                log.forEach(one -> one.accept(new KernelLogLine(6, 1, 0, line)));
            }

            @Override
            public void closeInput() {}

            @Override
            public void signal(int number) {}

            @Override
            public void close() {}
        };
    }

    private static final class Deaf implements MatrixListener {

        @Override
        public void started(String kernelId, MatrixStep step) {}

        @Override
        public void ended(String kernelId, MatrixStep step, MatrixCell cell) {}
    }
}
