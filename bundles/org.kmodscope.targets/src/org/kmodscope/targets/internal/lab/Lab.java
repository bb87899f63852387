/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.targets.internal.agent.AgentClient;
import org.kmodscope.targets.internal.agent.Threads;

/** A machine, its ports and the talk with the agent in it, which live and end together. */
final class Lab implements AutoCloseable {

    /**
     * A machine that ends takes its channels with it; the channels alone ending is another story.
     */
    private static final Duration ENDS_TOGETHER = Duration.ofSeconds(3);

    private final RunDirectory run;
    private final LabPorts ports;
    private final Machine machine;
    private final AgentClient client;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Lab(RunDirectory run, LabPorts ports, Machine machine, AgentClient client) {
        this.run = run;
        this.ports = ports;
        this.machine = machine;
        this.client = client;
    }

    /** What starts the machine; its ports listen by then. */
    interface Starter {
        Machine start(RunDirectory run) throws KmodscopeException;
    }

    /**
     * Starts the machine and connects its ports; the agent need not speak yet.
     *
     * @param run owned from now on, whatever happens
     */
    static Lab start(String name, RunDirectory run, Starter starter, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try (Undo undo = new Undo()) {
            undo.add(run);
            LabPorts ports = undo.add(LabPorts.listen(run));
            Machine machine = undo.add(starter.start(run));
            ports.accept(machine, monitor);
            SocketChannel control = ports.channel(Port.CONTROL);
            AgentClient client =
                    AgentClient.start(
                            name,
                            Channels.newInputStream(control),
                            Channels.newOutputStream(control));
            machine.ended().thenAccept(end -> client.fail(failure(end)));
            client.broken().thenAccept(reason -> endSoon(machine, reason));
            undo.keep();
            return new Lab(run, ports, machine, client);
        }
    }

    private static void endSoon(Machine machine, String reason) {
        machine.ended()
                .copy()
                .orTimeout(ENDS_TOGETHER.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((end, late) -> machine.kill(reason));
    }

    /** Why requests fail when the machine ended so. */
    static KmodscopeException failure(TargetEnd end) {
        return switch (end) {
            case TargetEnd.Closed() ->
                    new KmodscopeException(
                            Kind.LAB, "The lab was closed.", "Start it again when it is needed.");
            case TargetEnd.Panicked(String reason, String log) ->
                    new KmodscopeException(
                            Kind.LAB,
                            "The lab's kernel panicked: " + reason + '.',
                            "Read the trace in the kernel log: it names the driver's function.");
            case TargetEnd.Vanished(String reason, String log) ->
                    new KmodscopeException(
                            Kind.LAB,
                            "The lab vanished: " + reason + '.',
                            "Start it again; its console may say more.");
        };
    }

    LabPorts ports() {
        return ports;
    }

    Machine machine() {
        return machine;
    }

    AgentClient client() {
        return client;
    }

    /** Ends the machine, then all that hung on it; in at most two seconds. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        long deadline = Threads.deadline();
        machine.close(deadline);
        client.close(deadline);
        try (run) {
            ports.close();
        } catch (IOException e) {
            // The directory stays; the next run removes it, as it does after a kill.
            return;
        }
    }
}
