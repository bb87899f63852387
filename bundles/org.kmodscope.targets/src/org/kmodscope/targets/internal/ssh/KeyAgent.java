/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The user's ssh-agent(1), by its socket. The library's own way to it needs native code that is not
 * there; the protocol itself is the library's (draft-ietf-sshm-ssh-agent): a length, then that many
 * bytes, both ways.
 */
// The library says nothing about null, so an override may not either.
@NonNullByDefault({})
final class KeyAgent extends AbstractAgentProxy {

    private static final int ANSWER_MAX = 256 * 1024;

    private final SocketChannel socket;

    private KeyAgent(SocketChannel socket) {
        super(null);
        this.socket = socket;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    protected synchronized Buffer request(Buffer question) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(question.array(), question.rpos(), question.available());
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
        int length = read(Integer.BYTES).getInt();
        if (length < 1 || length > ANSWER_MAX) {
            throw new IOException("an answer of " + length + " bytes is no ssh-agent's");
        }
        return new ByteArrayBuffer(read(length).array());
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (socket.read(bytes) < 0) {
                throw new EOFException("the ssh-agent has ended");
            }
        }
        return bytes.flip();
    }

    /** Connects to the agent at a socket whenever keys are wanted; never forwards it. */
    record Factory(Path socket) implements SshAgentFactory {

        @Override
        public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
            return List.of();
        }

        @Override
        public SshAgent createClient(Session session, FactoryManager manager) throws IOException {
            return new KeyAgent(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        }

        @Override
        public SshAgentServer createServer(ConnectionService service) {
            throw new UnsupportedOperationException("the ssh-agent is not forwarded");
        }
    }
}
