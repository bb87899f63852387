/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kmodscope.targets.internal.agent.AgentOnHost.MONITOR;

import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventCodec;

@SuppressWarnings("try") // closing waits, and waiting may be interrupted
@Timeout(60)
class HandshakeTest {

    @TempDir Path work;

    @Test
    void theAgentSaysWhatItIs() throws Exception {
        try (AgentOnHost host = AgentOnHost.start(work)) {
            long before = System.nanoTime();
            Greeting greeting = host.client.handshake(AgentOnHost.LIMIT, MONITOR);
            assertEquals(Frame.VERSION, greeting.protocol());
            assertEquals(System.getProperty("os.version"), greeting.release());
            assertTrue(Math.abs(greeting.monotonicNanos() - before) < 60e9, greeting::toString);
        }
    }

    @Test
    void theAgentRefusesAnotherVersionAndEnds() throws Exception {
        try (AgentOnHost host = AgentOnHost.start(work)) {
            Answer answer =
                    host.client
                            .request(FrameType.HELLO, new PayloadWriter().u32(99).toBytes())
                            .get(20, TimeUnit.SECONDS);
            Answer.Refused refused = assertInstanceOf(Answer.Refused.class, answer);
            assertTrue(refused.text().contains("protocol " + Frame.VERSION), refused::text);
            assertTrue(host.process.waitFor(20, TimeUnit.SECONDS));
            assertEquals(1, host.process.exitValue());
        }
    }

    @Test
    void nothingIsDoneBeforeTheHandshake() throws Exception {
        try (AgentOnHost host = AgentOnHost.start(work)) {
            Answer answer =
                    host.client
                            .request(FrameType.RUN, new PayloadWriter().string("true").toBytes())
                            .get(20, TimeUnit.SECONDS);
            assertInstanceOf(Answer.Refused.class, answer);
        }
    }

    @Test
    void theToolRefusesAnAgentOfAnotherVersion() throws Exception {
        PipedOutputStream agent = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(agent);
        agent.write(greeting(Frame.VERSION + 1));
        try (AgentClient client = AgentClient.start("test", in, new ByteArrayOutputStream())) {
            KmodscopeException failure =
                    assertThrows(
                            KmodscopeException.class,
                            () -> client.handshake(AgentOnHost.LIMIT, MONITOR));
            assertEquals(KmodscopeException.Kind.LAB, failure.kind());
            assertTrue(
                    failure.getMessage().contains("protocol " + (Frame.VERSION + 1)),
                    failure::toString);
            agent.close();
        }
    }

    @Test
    void anAgentThatGreetsAndThenSaysNothingIsGivenUp() throws Exception {
        PipedOutputStream agent = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(agent);
        agent.write(greeting(Frame.VERSION));
        try (AgentClient client = AgentClient.start("test", in, new ByteArrayOutputStream())) {
            KmodscopeException failure =
                    assertThrows(
                            KmodscopeException.class,
                            () -> client.handshake(Duration.ofMillis(200), MONITOR));
            assertTrue(failure.getMessage().contains("did not answer"), failure::toString);
            agent.close();
        }
    }

    @Test
    void garbageBreaksTheChannelWithAReason() throws Exception {
        PipedOutputStream agent = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(agent);
        agent.write("login: no agent here\n".getBytes());
        try (AgentClient client = AgentClient.start("test", in, new ByteArrayOutputStream())) {
            String reason = client.broken().get(20, TimeUnit.SECONDS);
            assertTrue(reason.contains("broke"), reason);
            agent.close();
        }
    }

    @Test
    void aFrameThatIsTooLongEndsTheAgent() throws Exception {
        try (AgentOnHost host = AgentOnHost.ready(work)) {
            byte[] huge = new Frame(FrameType.RUN, 1, new byte[0]).toBytes();
            huge[3] = 0x7f;
            host.process.getOutputStream().write(huge);
            host.process.getOutputStream().flush();
            assertTrue(host.process.waitFor(20, TimeUnit.SECONDS));
            assertEquals(1, host.process.exitValue());
        }
    }

    @Test
    void theAgentEndsWithItsChannelAndTakesItsProgramsAlong() throws Exception {
        try (AgentOnHost host = AgentOnHost.ready(work)) {
            host.client.run(java.util.List.of("sleep", "1000"), new Silence());
            ProcessHandle sleep = host.process.children().findFirst().orElseThrow();
            host.process.getOutputStream().close();
            assertTrue(host.process.waitFor(20, TimeUnit.SECONDS));
            sleep.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    private static byte[] greeting(int version) {
        byte[] payload =
                new PayloadWriter()
                        .u32(version)
                        .u32(EventCodec.VERSION)
                        .u64(0)
                        .u32(0)
                        .string("6.1")
                        .string("arm")
                        .string("")
                        .toBytes();
        return new Frame(FrameType.GREETING, 0, payload).toBytes();
    }

    private static final class Silence implements org.kmodscope.core.target.OutputSink {
        @Override
        public void out(byte[] bytes) {}

        @Override
        public void err(byte[] bytes) {}
    }
}
