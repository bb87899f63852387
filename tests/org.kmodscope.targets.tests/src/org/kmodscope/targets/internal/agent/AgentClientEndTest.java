/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kmodscope.targets.internal.agent.AgentOnHost.MONITOR;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.TargetSession.Subscription;

/** What is on its way when the connection is closed; the test plays the agent. */
@Timeout(60)
class AgentClientEndTest {

    private final PipedOutputStream agent = new PipedOutputStream();

    private void say(FrameType type, int id, byte[] payload) throws Exception {
        agent.write(new Frame(type, id, payload).toBytes());
        agent.flush();
    }

    @Test
    void aProgramWhoseEndWasNotYetDeliveredFailsInsteadOfNeverEnding() throws Exception {
        PipedInputStream in = new PipedInputStream(agent, 1 << 16);
        CountDownLatch busy = new CountDownLatch(1);
        OutputSink slow =
                new OutputSink() {
                    @Override
                    public void out(byte[] bytes) {
                        busy.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }

                    @Override
                    public void err(byte[] bytes) {}
                };
        CountDownLatch asked = new CountDownLatch(1);
        OutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public void flush() {
                        asked.countDown();
                    }
                };
        AgentClient client = AgentClient.start("test", in, out);
        FutureTask<AgentCommand> run = new FutureTask<>(() -> client.run(List.of("program"), slow));
        Thread.ofPlatform().daemon().start(run);
        assertTrue(asked.await(20, TimeUnit.SECONDS));
        // The first request of a client has number 1.
        say(FrameType.OK, 1, new byte[0]);
        AgentCommand command = run.get(20, TimeUnit.SECONDS);
        say(FrameType.STDOUT, 1, "text".getBytes());
        say(FrameType.EXIT, 1, new PayloadWriter().u32(0).toBytes());
        // Its greeting is behind the end: so that has been read.
        say(
                FrameType.GREETING,
                0,
                new PayloadWriter()
                        .u32(0)
                        .u32(0)
                        .u64(0)
                        .u32(0)
                        .string("")
                        .string("")
                        .string("")
                        .toBytes());
        assertThrows(KmodscopeException.class, () -> client.handshake(AgentOnHost.LIMIT, MONITOR));
        assertTrue(busy.await(20, TimeUnit.SECONDS));
        client.fail(new KmodscopeException(KmodscopeException.Kind.LAB, "It was closed.", ""));
        client.close();
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> command.waitFor(MONITOR));
        assertEquals("It was closed.", failure.getMessage());
        agent.close();
    }

    @Test
    void aSubscriptionMayBeClosedAfterTheEnd() throws Exception {
        PipedInputStream in = new PipedInputStream(agent);
        AgentClient client = AgentClient.start("test", in, new ByteArrayOutputStream());
        Subscription subscription = client.onKernelLog(line -> {});
        client.close();
        subscription.close();
        agent.close();
    }
}
