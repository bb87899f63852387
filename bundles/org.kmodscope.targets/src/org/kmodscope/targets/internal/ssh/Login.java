/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.ConfigFileHostEntryResolver;
import org.apache.sshd.client.config.hosts.HostConfigEntry;
import org.apache.sshd.client.config.keys.ClientIdentitiesWatcher;
import org.apache.sshd.client.config.keys.ClientIdentityLoader;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.Destination;
import org.kmodscope.core.target.Prompt;

/**
 * Connects as ssh(1) would: by the user's configuration (Host, HostName, User, Port, IdentityFile,
 * IdentitiesOnly, ProxyJump), known hosts, ssh-agent, keys, and at last by a password.
 *
 * @param directory the user's {@code ~/.ssh}
 * @param environment of this process: {@code SSH_AUTH_SOCK}
 * @param prompt who is asked for secrets, and about hosts that are not known
 */
public record Login(Path directory, Map<String, String> environment, Prompt prompt) {

    private static final int USUAL_PORT = 22;
    private static final int MOST_JUMPS = 8;
    private static final List<String> KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    /** A link that fell silent is noticed after three of these. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final int SILENT_HEARTBEATS = 3;

    /** Users look for their passwords. */
    private static final Duration AUTHENTICATES_WITHIN = Duration.ofMinutes(5);

    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(30);

    /**
     * Connects.
     *
     * @param address {@code [USER@]HOST[:PORT]}
     * @param key the private key to be let in by; empty for the usual ones
     * @throws KmodscopeException LAB when the board cannot be reached, is not the one that is
     *     known, or does not let the user in; USAGE when this is no address or no key
     * @throws OperationCanceledException when the user gives up a question, too
     */
    Connection connect(String address, Optional<Path> key, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Ed25519.supply();
        HostConfigEntry host = resolve(Destination.parse(address));
        if (key.isPresent()) {
            host.addIdentity(readable(key.get()));
        }
        return connect(host, jumps(host), MOST_JUMPS, monitor);
    }

    /**
     * Connects by way of others, each of which is a connection of its own: the library would have
     * all of them checked as if they were the last.
     *
     * @param jumps the hosts on the way, as users write them
     * @param left how many more there may be: a way may lead in a circle
     */
    private Connection connect(
            HostConfigEntry host, List<String> jumps, int left, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (jumps.isEmpty()) {
            return connect(host, Optional.empty(), monitor);
        }
        if (left == 0) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The way to " + account(host) + " is longer than " + MOST_JUMPS + " hosts.",
                    "Look for a circle in ProxyJump of " + directory.resolve("config") + '.');
        }
        HostConfigEntry last = resolve(Destination.parse(jumps.getLast()));
        List<String> before = jumps.subList(0, jumps.size() - 1);
        Connection via = connect(last, before.isEmpty() ? jumps(last) : before, left - 1, monitor);
        boolean connected = false;
        try {
            Connection there = connect(host, Optional.of(via), monitor);
            connected = true;
            return there;
        } finally {
            if (!connected) {
                via.close();
            }
        }
    }

    private static List<String> jumps(HostConfigEntry host) {
        String jumps = Optional.ofNullable(host.getProxyJump()).orElse("");
        return jumps.isEmpty() || jumps.equalsIgnoreCase("none")
                ? List.of()
                : List.of(jumps.split(","));
    }

    private Connection connect(
            HostConfigEntry host, Optional<Connection> via, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        String account = account(host);
        Asking asking = new Asking(prompt, account);
        while (true) {
            try {
                return connect(host, via, asking, monitor);
            } catch (IOException broken) {
                asking = asking.next().orElseThrow(() -> unreachable(account, broken));
            }
        }
    }

    private static String account(HostConfigEntry host) {
        return host.getUsername()
                + '@'
                + host.getHostName()
                + (host.getPort() == USUAL_PORT ? "" : ":" + host.getPort());
    }

    /**
     * One attempt.
     *
     * @throws IOException when the connection cannot be made, or breaks
     */
    private Connection connect(
            HostConfigEntry host, Optional<Connection> via, Asking asking, IProgressMonitor monitor)
            throws KmodscopeException, IOException, InterruptedException {
        AtomicReference<@Nullable KmodscopeException> distrust = new AtomicReference<>();
        SshClient client = client(host, asking, distrust);
        boolean connected = false;
        try {
            client.start();
            ClientSession session = session(client, reachable(host, via), monitor);
            authenticate(session, account(host), asking, distrust, monitor);
            connected = true;
            asking.forget();
            return new Connection(account(host), client, session, via);
        } finally {
            if (!connected) {
                asking.giveUp();
                client.stop();
            }
        }
    }

    /** The host, or the end of a way to it that begins on this machine. */
    private static HostConfigEntry reachable(HostConfigEntry host, Optional<Connection> via)
            throws IOException {
        HostConfigEntry near = new HostConfigEntry();
        near.collate(host);
        near.setProxyJump("");
        if (via.isPresent()) {
            SshdSocketAddress end = via.get().forward(host.getHostName(), host.getPort());
            near.setHostName(end.getHostName());
            near.setPort(end.getPort());
        }
        return near;
    }

    private static Path readable(Path key) throws KmodscopeException {
        if (Files.isReadable(key)) {
            return key;
        }
        throw new KmodscopeException(
                Kind.USAGE,
                "The key " + key + " cannot be read.",
                "Correct \"key\" of the board, or the file's permissions.");
    }

    private HostConfigEntry resolve(Destination destination) throws KmodscopeException {
        Path file = directory.resolve("config");
        String user = destination.user().orElse("");
        int port = destination.port().orElse(0);
        try {
            Optional<HostConfigEntry> configured =
                    Optional.ofNullable(
                            new ConfigFileHostEntryResolver(file)
                                    .resolveEffectiveHost(
                                            destination.host(), port, null, user, null, null));
            HostConfigEntry host =
                    configured.orElseGet(
                            () -> new HostConfigEntry("", destination.host(), port, user));
            if (Optional.ofNullable(host.getHostName()).orElse("").isEmpty()) {
                host.setHostName(destination.host());
            }
            if (host.getPort() <= 0) {
                host.setPort(USUAL_PORT);
            }
            if (Optional.ofNullable(host.getUsername()).orElse("").isEmpty()) {
                host.setUsername(System.getProperty("user.name", "root"));
            }
            return host;
        } catch (IOException | RuntimeException e) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    file + " cannot be read: " + e.getMessage() + ".",
                    "Correct it; ssh reads it, too.",
                    e);
        }
    }

    private SshClient client(
            HostConfigEntry host,
            Asking asking,
            AtomicReference<@Nullable KmodscopeException> distrust)
            throws KmodscopeException {
        KnownHosts known = new KnownHosts(directory.resolve("known_hosts"), asking::accept);
        SshClient client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(
                new ConfigFileHostEntryResolver(directory.resolve("config")));
        Set<String> kinds = known.kindsOf(host.getHostName(), host.getPort());
        client.setSignatureFactories(knownFirst(client.getSignatureFactories(), kinds));
        client.setServerKeyVerifier(
                (session, address, key) -> {
                    try {
                        known.check(host.getHostName(), host.getPort(), key);
                        return true;
                    } catch (KmodscopeException e) {
                        distrust.set(e);
                        return false;
                    }
                });
        client.setUserInteraction(asking);
        client.setFilePasswordProvider(asking);
        client.setKeyIdentityProvider(
                new ClientIdentitiesWatcher(
                        KEYS.stream().map(directory::resolve).filter(Files::isReadable).toList(),
                        ClientIdentityLoader.DEFAULT,
                        asking));
        Optional.ofNullable(environment.get("SSH_AUTH_SOCK"))
                .filter(socket -> Files.exists(Path.of(socket)))
                .ifPresent(socket -> client.setAgentFactory(new KeyAgent.Factory(Path.of(socket))));
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, HEARTBEAT);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, SILENT_HEARTBEATS);
        CoreModuleProperties.AUTH_TIMEOUT.set(client, AUTHENTICATES_WITHIN);
        return client;
    }

    /**
     * A host has keys of several kinds, and shows one that its client prefers: that has to be one
     * that can be compared. Where none is known it is the one that OpenSSH prefers.
     */
    private static List<NamedFactory<Signature>> knownFirst(
            List<NamedFactory<Signature>> factories, Set<String> kinds) {
        List<NamedFactory<Signature>> sorted = new ArrayList<>(factories);
        sorted.sort(
                Comparator.comparing(
                                (NamedFactory<Signature> factory) ->
                                        !kinds.contains(
                                                KeyUtils.getCanonicalKeyType(factory.getName())))
                        .thenComparing(
                                factory -> !KeyPairProvider.SSH_ED25519.equals(factory.getName())));
        return sorted;
    }

    private static ClientSession session(
            SshClient client, HostConfigEntry host, IProgressMonitor monitor)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + CONNECTS_WITHIN.toNanos();
        ConnectFuture connecting = client.connect(host, null, null);
        Connection.await(connecting, monitor, () -> System.nanoTime() - deadline > 0);
        return connecting.verify(Duration.ofMillis(1)).getSession();
    }

    private static void authenticate(
            ClientSession session,
            String account,
            Asking asking,
            AtomicReference<@Nullable KmodscopeException> distrust,
            IProgressMonitor monitor)
            throws KmodscopeException, IOException, InterruptedException {
        try {
            AuthFuture authenticating = session.auth();
            Connection.await(authenticating, monitor);
            authenticating.verify(Duration.ofMillis(1));
        } catch (IOException e) {
            if (asking.givenUp()) {
                throw new OperationCanceledException();
            }
            KmodscopeException untrusted = distrust.get();
            if (untrusted != null) {
                throw untrusted;
            }
            if (asking.open()) {
                throw new KmodscopeException(
                        Kind.LAB,
                        "No connection to "
                                + account
                                + ": you were asked, and there was no answer within "
                                + AUTHENTICATES_WITHIN.toMinutes()
                                + " minutes.",
                        "Connect again, and answer the question.",
                        e);
            }
            if (!isRefusal(e)) {
                throw e;
            }
            throw new KmodscopeException(
                    Kind.LAB,
                    account
                            + (asking.gavePassword()
                                    ? " does not accept the password: "
                                    : " does not let you in: ")
                            + reason(e)
                            + '.',
                    "Put your key there (ssh-copy-id "
                            + account
                            + "), or start your ssh-agent, or enter a password where you are asked"
                            + " for one.",
                    e);
        }
    }

    private static KmodscopeException unreachable(String account, IOException cause) {
        return new KmodscopeException(
                Kind.LAB,
                "No connection to " + account + ": " + reason(cause) + '.',
                "Check that the board runs, that its address is right, and that ssh "
                        + account
                        + " works.",
                cause);
    }

    /** Whether the server said no, as opposed to saying nothing more. */
    private static boolean isRefusal(IOException failure) {
        return failure instanceof SshException refusal
                && refusal.getDisconnectCode()
                        == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        for (@Nullable Throwable next = failure; next != null; next = next.getCause()) {
            cause = next;
        }
        return Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    }
}
