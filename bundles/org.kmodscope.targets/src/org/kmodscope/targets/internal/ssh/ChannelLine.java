/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.channel.ChannelExec;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.targets.internal.program.FirstWords;
import org.kmodscope.targets.internal.program.Line;

/**
 * A line to an agent on a board: two channels of one connection, the agent itself and a second run
 * of the program that relays its events. Each has a flow control of its own.
 */
final class ChannelLine implements Line {

    private final Connection connection;
    private final String home;
    private final ChannelExec agent;
    private final FirstWords complaints;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile @Nullable ChannelExec events;

    private ChannelLine(
            Connection connection, String home, ChannelExec agent, FirstWords complaints) {
        this.connection = connection;
        this.home = home;
        this.agent = agent;
        this.complaints = complaints;
        agent.addCloseFutureListener(closed -> agentEnded());
        connection.lost().thenAccept(ended::complete);
    }

    /**
     * Starts the agent.
     *
     * @param connection owned from now on when this succeeds
     * @param prefix what makes the agent root there: nothing, or {@code sudo -n} with a blank
     * @param home its directory, where its program is
     */
    static ChannelLine start(
            Connection connection, String prefix, String home, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        FirstWords complaints = new FirstWords();
        ChannelExec agent =
                connection.start(
                        prefix + program(home) + " --stdio --home " + home + " --trace",
                        channel -> channel.setErr(complaints),
                        monitor);
        return new ChannelLine(connection, home, agent, complaints);
    }

    /** Where the agent's program is in its home. */
    static String program(String home) {
        return home + "/kmodscope-agent";
    }

    /** Has events relayed. To be called once the agent has greeted. */
    void relay(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        events = connection.start(program(home) + " --attach " + home, channel -> {}, monitor);
    }

    @Override
    public String where() {
        return connection.account();
    }

    @Override
    public String home() {
        return home;
    }

    @Override
    public InputStream answers() {
        return agent.getInvertedOut();
    }

    @Override
    public OutputStream requests() {
        return agent.getInvertedIn();
    }

    @Override
    public ReadableByteChannel events() {
        ChannelExec relay = events;
        if (relay == null) {
            throw new IllegalStateException("events are not relayed yet");
        }
        return Channels.newChannel(relay.getInvertedOut());
    }

    @Override
    public String complaints() {
        return complaints.text();
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    @Override
    public void close() {
        connection.close();
    }

    /** A connection that goes takes its channels with it; then it is what is to be told. */
    private void agentEnded() {
        @Nullable Integer status = agent.getExitStatus();
        @Nullable String signal = agent.getExitSignal();
        if (signal != null) {
            ended.complete("the agent was ended by SIG" + signal);
        } else if (status != null) {
            ended.complete("the agent ended with status " + status);
        }
    }
}
