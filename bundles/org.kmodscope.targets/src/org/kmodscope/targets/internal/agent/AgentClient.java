/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.TargetSession.Subscription;

/**
 * The host's end of the control channel. Requests may be made from any thread.
 *
 * <p>It has three threads, from {@link #start} to {@link #close}: one reads frames, one writes them
 * (a caller that is interrupted inside a socket's write would close the socket for all), and one
 * calls listeners.
 */
public final class AgentClient implements AutoCloseable {

    private static final int FRAME_OVERHEAD = 128;

    private final InputStream in;
    private final OutputStream out;
    private final Thread reader;
    private final Thread writer;
    private final Delivery delivery;
    private final BlockingQueue<Frame> outgoing = new LinkedBlockingQueue<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, Waiting> waiting = new ConcurrentSkipListMap<>();
    private final Map<Integer, AgentCommand> commands = new ConcurrentSkipListMap<>();
    private final LogHistory log = new LogHistory();
    private final CompletableFuture<Greeting> greeting = new CompletableFuture<>();
    private final CompletableFuture<String> broken = new CompletableFuture<>();
    private final AtomicReference<@Nullable KmodscopeException> failure = new AtomicReference<>();

    /** A request that has no answer yet. */
    private record Waiting(FrameType type, CompletableFuture<Answer> answer) {}

    private AgentClient(String name, InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
        reader = thread(name + " agent reader", this::read);
        writer = thread(name + " agent writer", this::write);
        delivery = new Delivery(name + " listeners");
    }

    /**
     * Starts to talk over a channel that it owns from now on.
     *
     * @param name what its threads' names begin with
     */
    public static AgentClient start(String name, InputStream in, OutputStream out) {
        AgentClient client = new AgentClient(name, in, out);
        client.delivery.start();
        client.reader.start();
        client.writer.start();
        return client;
    }

    /**
     * Waits for the agent's greeting and answers it.
     *
     * @param limit what the whole of it may take
     * @throws KmodscopeException LAB when it takes longer, or the agent speaks another version
     */
    public Greeting handshake(Duration limit, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        long begin = System.nanoTime();
        if (!Monitored.settled(greeting, limit, monitor)) {
            throw late(limit);
        }
        Greeting agent = Monitored.await(greeting);
        if (agent.protocol() != Frame.VERSION || agent.eventRecord() != EventCodec.VERSION) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.LAB,
                    String.format(
                            "The agent speaks protocol %d with event records %d; this kmodscope"
                                    + " protocol %d with event records %d.",
                            agent.protocol(),
                            agent.eventRecord(),
                            Frame.VERSION,
                            EventCodec.VERSION),
                    "Use the agent that belongs to this kmodscope.");
        }
        byte[] version = new PayloadWriter().u32(Frame.VERSION).toBytes();
        CompletableFuture<Answer> hello = request(FrameType.HELLO, version);
        Duration left = limit.minusNanos(System.nanoTime() - begin);
        if (!Monitored.settled(hello, left, monitor)) {
            throw late(limit);
        }
        if (Monitored.await(hello) instanceof Answer.Refused refused) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.LAB,
                    "The agent refuses to work: " + refused.text() + ".",
                    "Use the agent that belongs to this kmodscope.");
        }
        return agent;
    }

    private static KmodscopeException late(Duration limit) {
        return new KmodscopeException(
                KmodscopeException.Kind.LAB,
                "Its agent did not answer within " + limit.toSeconds() + " s.",
                "Look at the console for what it waits for; on a busy machine try again.");
    }

    /** Completes with the reason when nothing more will come from the agent. */
    public CompletableFuture<String> broken() {
        return broken;
    }

    /** What was asked for and is not done, for people, oldest first. */
    public List<String> pending() {
        Stream<String> requests = waiting.values().stream().map(request -> request.type().words());
        Stream<String> programs = commands.values().stream().map(AgentCommand::program);
        return Stream.concat(requests, programs).toList();
    }

    /** Asks the agent to end; it closes its channel then. */
    public void shutdown() {
        request(FrameType.SHUTDOWN, new byte[0]);
    }

    /** Has all requests that wait, and all to come, fail. */
    public void fail(KmodscopeException how) {
        failure.compareAndSet(null, how);
        greeting.completeExceptionally(how);
        waiting.values().forEach(request -> request.answer().completeExceptionally(how));
        commands.values().forEach(command -> command.exit().completeExceptionally(how));
    }

    /** Asks for something; the answer completes on the reading thread. */
    CompletableFuture<Answer> request(FrameType type, byte[] payload) {
        return request(type, payload, lastId.incrementAndGet());
    }

    private CompletableFuture<Answer> request(FrameType type, byte[] payload, int id) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        waiting.put(id, new Waiting(type, answer));
        KmodscopeException dead = failure.get();
        if (dead == null) {
            outgoing.add(new Frame(type, id, payload));
        } else {
            answer.completeExceptionally(dead);
        }
        return answer;
    }

    /** A long request that can be cancelled by its number. */
    record Numbered(int id, CompletableFuture<Answer> answer) {}

    Numbered requestNumbered(FrameType type, byte[] payload) {
        int id = lastId.incrementAndGet();
        return new Numbered(id, request(type, payload, id));
    }

    /** Starts a program; returns when it runs. */
    AgentCommand run(List<String> argv, OutputSink sink)
            throws KmodscopeException, InterruptedException {
        PayloadWriter payload = new PayloadWriter();
        argv.forEach(payload::string);
        int id = lastId.incrementAndGet();
        AgentCommand command = new AgentCommand(this, id, argv.getFirst(), sink);
        commands.put(id, command);
        try {
            Answer answer = Monitored.await(request(FrameType.RUN, payload.toBytes(), id));
            if (answer instanceof Answer.Refused refused) {
                commands.remove(id);
                throw new KmodscopeException(
                        KmodscopeException.Kind.FAILED,
                        "The target " + refused.text() + ".",
                        "Give a program that is there, by its path or its name on PATH.");
            }
            return command;
        } catch (InterruptedException e) {
            command.close();
            throw e;
        }
    }

    /** As {@link org.kmodscope.core.target.TargetSession#onKernelLog}. */
    Subscription onKernelLog(Consumer<KernelLogLine> listener) {
        // One of its own per subscription: the same listener may come twice.
        AtomicBoolean open = new AtomicBoolean(true);
        Consumer<KernelLogLine> entry =
                line -> {
                    if (open.get()) {
                        listener.accept(line);
                    }
                };
        delivery.deliverAlways(() -> log.listen(entry));
        return () -> {
            open.set(false);
            delivery.deliverAlways(() -> log.forget(entry));
        };
    }

    /**
     * Adds a line of the kernel log that came by another way, where the agent may not read it
     * itself. For one thread that may wait; a line that comes after the end is dropped.
     */
    public void kernelSays(KernelLogLine line) throws InterruptedException {
        delivery.deliver(FRAME_OVERHEAD + line.text().length(), () -> log.add(line));
    }

    /** Ends the threads, in at most two seconds; the agent sees the end of its channel. */
    @Override
    public void close() {
        close(Threads.deadline());
    }

    /** As {@link #close()}, with a deadline of {@link Threads#deadline}. */
    public void close(long deadline) {
        try (in;
                out) {
            writer.interrupt();
            reader.interrupt();
        } catch (IOException e) {
            // Whatever it was, nobody will read or write there any more.
            broken.complete("it was closed");
        }
        delivery.end();
        Threads.join(deadline, writer, reader, delivery.thread());
        // What was dropped may have been a program's end that somebody waits for.
        fail(
                new KmodscopeException(
                        KmodscopeException.Kind.LAB,
                        "The connection to the agent was closed.",
                        "Start the lab again when it is needed."));
    }

    private static Thread thread(String name, Runnable body) {
        return Thread.ofPlatform().name(name).daemon().unstarted(body);
    }

    private void write() {
        try {
            while (true) {
                out.write(outgoing.take().toBytes());
                out.flush();
            }
        } catch (IOException e) {
            broken.complete("the agent cannot be reached (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            broken.complete("it was closed");
        }
    }

    private void read() {
        try {
            while (true) {
                Optional<Frame> frame = Frame.read(in);
                if (frame.isEmpty()) {
                    broken.complete("the agent's channel has ended");
                    return;
                }
                take(frame.get());
            }
        } catch (IOException e) {
            broken.complete("the agent's channel broke (" + e.getMessage() + ")");
        } catch (BufferUnderflowException e) {
            broken.complete("the agent sent a frame that is too short");
        } catch (InterruptedException e) {
            broken.complete("it was closed");
        }
    }

    private void take(Frame frame) throws IOException, InterruptedException {
        PayloadReader payload = new PayloadReader(frame.payload());
        switch (frame.type()) {
            case GREETING -> greeting.complete(Greeting.of(payload));
            case OK -> answer(frame.id(), new Answer.Done(frame.payload()));
            case ERROR -> answer(frame.id(), new Answer.Refused(payload.u32(), payload.string()));
            case STDOUT -> output(frame, sink -> sink.out(frame.payload()));
            case STDERR -> output(frame, sink -> sink.err(frame.payload()));
            case EXIT -> exit(frame.id(), payload.u32());
            case LOG -> {
                long sequence = payload.u64();
                long time = payload.u64();
                int level = payload.u32();
                KernelLogLine line = new KernelLogLine(level, sequence, time, payload.string());
                delivery.deliver(weight(frame), () -> log.add(line));
            }
            case HELLO,
                    RUN,
                    STDIN,
                    SIGNAL,
                    PUT,
                    LOAD,
                    UNLOAD,
                    ARM,
                    DISARM,
                    STIMULATE,
                    CANCEL,
                    SHUTDOWN,
                    SEQUENCE ->
                    throw new IOException("the agent sent a request: " + frame);
        }
    }

    private void answer(int id, Answer answer) {
        Optional.ofNullable(waiting.remove(id))
                .ifPresent(request -> request.answer().complete(answer));
    }

    private void output(Frame frame, Consumer<OutputSink> call) throws InterruptedException {
        Optional<AgentCommand> command = Optional.ofNullable(commands.get(frame.id()));
        if (command.isPresent()) {
            delivery.deliver(weight(frame), () -> call.accept(command.get().sink()));
        }
    }

    /** What a frame that waits holds in memory, roughly. */
    private static int weight(Frame frame) {
        return FRAME_OVERHEAD + frame.payload().length;
    }

    private void exit(int id, int status) {
        // Behind its output. Until then it is known, so that it can still fail.
        Optional.ofNullable(commands.get(id))
                .ifPresent(
                        command ->
                                delivery.deliverAlways(
                                        () -> {
                                            commands.remove(id);
                                            command.exit().complete(status);
                                        }));
    }
}
