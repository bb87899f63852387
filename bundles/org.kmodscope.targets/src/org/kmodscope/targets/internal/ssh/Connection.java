/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.future.WaitableFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;

/** A connection to a board, after the user was let in. Owns its client and all its threads. */
final class Connection implements AutoCloseable {

    private static final Duration ASK = Duration.ofMillis(50);
    private static final int EXECUTABLE = 0700;
    private static final String UNKNOWN = "the connection was closed";

    private final String account;
    private final SshClient client;
    private final ClientSession session;
    private final Optional<Connection> via;
    private final CompletableFuture<String> lost = new CompletableFuture<>();

    /**
     * @param account {@code USER@HOST}, for people
     * @param client owned from now on, as is its session
     * @param via the connection that this one goes through, owned, too
     */
    Connection(String account, SshClient client, ClientSession session, Optional<Connection> via) {
        this.account = account;
        this.client = client;
        this.session = session;
        this.via = via;
        AtomicReference<String> reason = new AtomicReference<>(UNKNOWN);
        session.addSessionListener(new Reason(reason));
        session.addCloseFutureListener(closed -> lost.complete(reason.get()));
    }

    /** Who is connected to where, for people. */
    String account() {
        return account;
    }

    /** Completes with the reason, for people, when the connection is gone. */
    CompletableFuture<String> lost() {
        return lost;
    }

    /**
     * Runs a command to its end.
     *
     * @param command as the user's shell there takes it: no part of it may come from outside
     */
    Captured run(String command, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try (ClientChannel channel = session.createExecChannel(command);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                ByteArrayOutputStream err = new ByteArrayOutputStream()) {
            channel.setOut(out);
            channel.setErr(err);
            await(channel.open(), monitor);
            channel.getInvertedIn().close();
            awaitEnd(channel, monitor);
            return new Captured(
                    status(channel),
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * Starts a command; the caller owns the channel.
     *
     * @param prepare sets the channel up before it is opened
     */
    ChannelExec start(String command, Consumer<ChannelExec> prepare, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try {
            ChannelExec channel = session.createExecChannel(command);
            prepare.accept(channel);
            await(channel.open(), monitor);
            return channel;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Copies a program to the board: by SFTP, or through a shell where there is no SFTP. */
    void upload(Path local, String remote, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try (SftpClient files = SftpClientFactory.instance().createSftpClient(session)) {
            try (OutputStream out =
                    files.write(
                            remote,
                            List.of(SftpClient.OpenMode.Create, SftpClient.OpenMode.Write))) {
                Files.copy(local, out);
            }
            files.setStat(remote, new SftpClient.Attributes().perms(EXECUTABLE));
        } catch (IOException e) {
            if (lost.isDone()) {
                throw broken(e);
            }
            pour(local, remote, monitor);
        }
    }

    /** Small boards with dropbear often have no SFTP server. */
    private void pour(Path local, String remote, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        String command = "cat >" + remote + " && chmod 700 " + remote;
        try (ClientChannel channel = session.createExecChannel(command);
                ByteArrayOutputStream err = new ByteArrayOutputStream()) {
            channel.setErr(err);
            await(channel.open(), monitor);
            try (OutputStream in = channel.getInvertedIn()) {
                Files.copy(local, in);
            }
            awaitEnd(channel, monitor);
            if (status(channel) != 0) {
                throw new KmodscopeException(
                        Kind.LAB,
                        "The agent cannot be copied to "
                                + account
                                + ": "
                                + err.toString(StandardCharsets.UTF_8).strip(),
                        "Give a directory there with room for 2 MB as \"directory\" of the board.");
            }
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public void close() {
        session.close(true);
        client.stop();
        via.ifPresent(Connection::close);
    }

    /**
     * Opens a way to a host that can be reached from there; it is there as long as the connection.
     *
     * @return where it begins, on this machine
     */
    SshdSocketAddress forward(String host, int port) throws IOException {
        SshdSocketAddress anyPort = new SshdSocketAddress("127.0.0.1", 0);
        return session.startLocalPortForwarding(anyPort, new SshdSocketAddress(host, port));
    }

    private static int status(ClientChannel channel) {
        @Nullable Integer status = channel.getExitStatus();
        return status == null ? -1 : status;
    }

    private void awaitEnd(ClientChannel channel, IProgressMonitor monitor)
            throws InterruptedException {
        while (!channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), ASK)
                .contains(ClientChannelEvent.CLOSED)) {
            check(monitor);
        }
    }

    /** Waits for what the library does, while somebody may cancel. */
    static void await(WaitableFuture future, IProgressMonitor monitor)
            throws IOException, InterruptedException {
        await(future, monitor, () -> false);
    }

    /** As {@link #await(WaitableFuture, IProgressMonitor)}, until it is too late. */
    static void await(WaitableFuture future, IProgressMonitor monitor, BooleanSupplier late)
            throws IOException, InterruptedException {
        try {
            while (!future.await(ASK) && !late.getAsBoolean()) {
                check(monitor);
            }
        } catch (InterruptedIOException e) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    private static void check(IProgressMonitor monitor) throws InterruptedException {
        if (monitor.isCanceled()) {
            throw new OperationCanceledException();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private KmodscopeException broken(IOException cause) {
        return new KmodscopeException(
                Kind.LAB,
                "The connection to "
                        + account
                        + " broke: "
                        + (lost.isDone() ? lost.join() : String.valueOf(cause.getMessage()))
                        + '.',
                "Check the board and its network, and open it again.",
                cause);
    }

    /** Remembers what the library said first of why it closes a session. */
    // The library says nothing about null, so an override may not either.
    @NonNullByDefault({})
    private record Reason(AtomicReference<String> reason) implements SessionListener {

        @Override
        public void sessionException(Session session, Throwable cause) {
            reason.compareAndSet(UNKNOWN, "the connection broke (" + cause.getMessage() + ')');
        }

        @Override
        public void sessionDisconnect(
                Session session, int code, String text, String language, boolean initiator) {
            reason.compareAndSet(
                    UNKNOWN,
                    (initiator ? "the connection was given up (" : "the board disconnected (")
                            + text
                            + ')');
        }
    }
}
