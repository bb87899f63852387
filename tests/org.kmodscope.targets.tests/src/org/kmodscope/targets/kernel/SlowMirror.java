/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An archive over HTTP/1.1. The first answer for one file stops in its middle and stays there, as a
 * network that has become slow; later ones are whole, or the rest that was asked for (RFC 9110,
 * 14.2 and 13.1.5).
 */
final class SlowMirror implements AutoCloseable {

    private static final Pattern GET = Pattern.compile("GET /(\\S*) HTTP/1\\.1");
    private static final Pattern RANGE = Pattern.compile("\r\nRange: bytes=(\\d{1,9})-\r\n");
    private static final String DATE = "Thu, 01 Jan 2026 00:00:00 GMT";

    private final Path root;
    private final String slow;
    private final ServerSocket server;
    private final Thread acceptor;
    private final List<Thread> connections = new ArrayList<>();
    private final CountDownLatch middle = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> rests = new ConcurrentLinkedQueue<>();

    /**
     * @param slow the name of the file that stops
     */
    SlowMirror(Path root, String slow) throws IOException {
        this.root = root;
        this.slow = slow;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.acceptor = new Thread(this::accept, "slow mirror");
        acceptor.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Waits until a client has half of the file. */
    boolean awaitMiddle() throws InterruptedException {
        return middle.await(60, TimeUnit.SECONDS);
    }

    /** The files that were sent to their end, by name. */
    List<String> sent() {
        return List.copyOf(sent);
    }

    /** Those of them of which only the rest was asked for: the name, and what came before it. */
    List<String> rests() {
        return List.copyOf(rests);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> serve(socket), "slow mirror's connection");
                connections.add(thread);
                thread.start();
            }
        } catch (IOException e) {
            if (closed.getCount() > 0) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            StringBuilder request = new StringBuilder();
            for (int c = socket.getInputStream().read(); c >= 0; ) {
                request.append((char) c);
                if (request.toString().endsWith("\r\n\r\n")) {
                    answer(request.toString(), socket.getOutputStream());
                    request.setLength(0);
                }
                c = socket.getInputStream().read();
            }
        } catch (IOException | InterruptedException e) {
            // The client went away, which is what it is asked to do.
            Thread.currentThread().interrupt();
        }
    }

    private void answer(String request, OutputStream out) throws IOException, InterruptedException {
        Matcher get = GET.matcher(request);
        Path file = get.find() ? root.resolve(get.group(1).replace("%2b", "+")) : root;
        if (!Files.isRegularFile(file)) {
            head(out, "404 Not Found", "Content-Length: 0");
            return;
        }
        byte[] all = Files.readAllBytes(file);
        boolean stopping = file.endsWith(slow) && middle.getCount() > 0;
        Matcher range = RANGE.matcher(request);
        boolean rest = range.find() && request.contains("\r\nIf-Range: " + DATE + "\r\n");
        int from = rest ? Integer.parseInt(range.group(1)) : 0;
        String fields = "Content-Length: " + (all.length - from) + "\r\nLast-Modified: " + DATE;
        if (rest) {
            rests.add(file.getFileName() + " from " + from);
            String part = "\r\nContent-Range: bytes " + from + '-' + (all.length - 1) + '/';
            head(out, "206 Partial Content", fields + part + all.length);
        } else {
            head(out, "200 OK", fields);
        }
        out.write(all, from, (stopping ? all.length / 2 : all.length) - from);
        out.flush();
        if (stopping) {
            middle.countDown();
            closed.await();
        }
        sent.add(String.valueOf(file.getFileName()));
    }

    private static void head(OutputStream out, String status, String fields) throws IOException {
        out.write(
                ("HTTP/1.1 " + status + "\r\n" + fields + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        join(acceptor);
        connections.forEach(SlowMirror::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
