/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;

/**
 * The host's ends of a lab's ports. QEMU, or the supervisor where the machine itself cannot,
 * connects to sockets that are there before it starts, so nobody has to wait for a file to appear.
 */
final class LabPorts implements AutoCloseable {

    private static final long ASK_MILLIS = 50;

    private final Selector selector;
    private final Map<Port, ServerSocketChannel> listening = new EnumMap<>(Port.class);
    private final Map<Port, SocketChannel> connected = new EnumMap<>(Port.class);

    private LabPorts(Selector selector) {
        this.selector = selector;
    }

    /** Makes the sockets in the run's directory. */
    static LabPorts listen(RunDirectory run) throws KmodscopeException {
        try {
            LabPorts ports = new LabPorts(Selector.open());
            try {
                for (Port port : Port.values()) {
                    ports.listen(port, run);
                }
                return ports;
            } catch (IOException e) {
                ports.close();
                throw e;
            }
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's sockets cannot be made in " + run.path() + ": " + Reason.of(e) + ".",
                    "Set XDG_CACHE_HOME to a directory on a local file system.",
                    e);
        }
    }

    private void listen(Port port, RunDirectory run) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.put(port, server);
        server.bind(UnixDomainSocketAddress.of(run.socket(port)));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT, port);
    }

    /** Waits until the machine has connected all ports. */
    void accept(Machine machine, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try {
            while (connected.size() < Port.values().length) {
                selector.select(this::accept, ASK_MILLIS);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (monitor.isCanceled()) {
                    throw new OperationCanceledException();
                }
                if (machine.ended().isDone()) {
                    throw new KmodscopeException(
                            Kind.LAB,
                            "The lab did not start: " + machine.console().tail(10),
                            "Correct what is complained of there; kmodscope doctor looks at"
                                    + " the machine.");
                }
            }
            stopListening();
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's sockets broke: " + Reason.of(e) + ".",
                    "Set XDG_CACHE_HOME to a directory on a local file system.",
                    e);
        }
    }

    private void accept(SelectionKey key) {
        Port port = (Port) key.attachment();
        try {
            Optional.ofNullable(listening.get(port).accept())
                    .ifPresent(channel -> connected.put(port, channel));
        } catch (IOException e) {
            // It stays unconnected; the machine ends over it, and its words are reported then.
            key.cancel();
        }
    }

    /** The connected end; the caller owns it and blocks in it. */
    SocketChannel channel(Port port) {
        return Optional.ofNullable(connected.get(port)).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        stopListening();
        for (SocketChannel channel : connected.values()) {
            channel.close();
        }
    }

    private void stopListening() throws IOException {
        for (ServerSocketChannel server : listening.values()) {
            server.close();
        }
        selector.close();
    }
}
