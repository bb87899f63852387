/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of 127.0.0.1 that leads to another one, for a test that ends connections in between. A
 * thread copies each direction of each connection, until that is closed.
 */
final class Relay implements AutoCloseable {

    private final ServerSocket server;
    private final int to;
    private final List<Socket> sockets = new ArrayList<>();
    private int connections;

    /** To a port. */
    Relay(int to) throws IOException {
        this.to = to;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many connections there were. */
    synchronized int connections() {
        return connections;
    }

    /** Ends all connections that there are, as a server does that has waited for too long. */
    synchronized void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
    }

    private void accept() throws IOException {
        while (true) {
            Socket in = server.accept();
            Socket out = new Socket(InetAddress.getLoopbackAddress(), to);
            synchronized (this) {
                sockets.addAll(List.of(in, out));
                connections++;
            }
            start("there", () -> copy(in, out));
            start("back", () -> copy(out, in));
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Thread.ofPlatform()
                .daemon()
                .name("relay " + name)
                .start(
                        () -> {
                            try {
                                work.run();
                            } catch (IOException closed) {
                                // What this waited for was closed, which is how it ends.
                            }
                        });
    }
}
