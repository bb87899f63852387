/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.targets.internal.agent.AgentSession;
import org.kmodscope.targets.internal.agent.Greeting;
import org.kmodscope.targets.internal.agent.NativePrograms;
import org.kmodscope.targets.internal.program.AgentProgram;

/**
 * Opens sessions on boards.
 *
 * @param cache where agents are kept
 * @param login how to connect
 */
public record BoardStart(CacheDirectory cache, Login login) {

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]{1,32}");
    private static final Pattern HOME = Pattern.compile("[A-Za-z0-9_./-]+/kmodscope-\\w+");
    private static final String ROOT = "0";
    private static final String SUDO = "sudo -n ";
    private static final String OWN_COMPILER = "gcc";

    /** Connects, brings the agent there, and waits until it works. */
    public TargetSession open(Board board, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        SubMonitor progress = SubMonitor.convert(monitor, "Connecting to " + board.name(), 100);
        Connection connection =
                login.connect(board.address(), board.key().map(Path::of), progress.split(40));
        boolean open = false;
        try {
            TargetSession session = open(board, connection, progress);
            open = true;
            return session;
        } finally {
            if (!open) {
                connection.close();
            }
        }
    }

    private TargetSession open(Board board, Connection connection, SubMonitor progress)
            throws KmodscopeException, InterruptedException {
        Facts facts = facts(connection, board, progress.split(10));
        try {
            String prefix = facts.user().equals(ROOT) ? "" : sudo(connection, progress.split(5));
            String compiler = compiler(board, facts.machine());
            Path agent = NativePrograms.agent(cache, compiler, progress.split(20));
            progress.subTask("Copying the agent to " + connection.account());
            connection.upload(agent, ChannelLine.program(facts.home()), progress.split(10));
            return session(board, connection, prefix, facts.home(), progress.split(15));
        } catch (KmodscopeException | InterruptedException | RuntimeException e) {
            tidy(connection, facts.home());
            throw e;
        }
    }

    private static TargetSession session(
            Board board,
            Connection connection,
            String prefix,
            String home,
            IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        ChannelLine line = ChannelLine.start(connection, prefix, home, monitor);
        AgentProgram program = AgentProgram.start("kmodscope-board " + board.name(), line);
        boolean up = false;
        try {
            Greeting greeting = program.handshake(STARTS_WITHIN, monitor);
            line.relay(monitor);
            up = true;
            return new AgentSession(
                    new TargetInfo(
                            "SSH · " + board.name(),
                            greeting.release(),
                            greeting.machine(),
                            TargetInfo.Acceleration.NATIVE,
                            Optional.of(greeting.note()).filter(note -> !note.isEmpty())),
                    program);
        } finally {
            if (!up) {
                program.close();
            }
        }
    }

    /** What has to be known of a machine. */
    private record Facts(String machine, String user, String home) {}

    /** What is run is ours but for the directory, and that holds nothing that a shell knows. */
    private static Facts facts(Connection connection, Board board, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Captured said =
                connection.run(
                        "uname -m && id -u && mktemp -d " + board.directory() + "/kmodscope-XXXXXX",
                        monitor);
        List<String> lines = said.out().lines().map(String::strip).toList();
        if (said.exit() != 0
                || lines.size() != 3
                || !WORD.matcher(lines.get(0)).matches()
                || !WORD.matcher(lines.get(1)).matches()
                || !HOME.matcher(lines.get(2)).matches()) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "No directory can be made in "
                            + board.directory()
                            + " on "
                            + connection.account()
                            + ": "
                            + said.words(),
                    "Give one that can be written to as \"directory\" of the board.");
        }
        return new Facts(lines.get(0), lines.get(1), lines.get(2));
    }

    private static String sudo(Connection connection, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Captured tried = connection.run(SUDO + "true", monitor);
        if (tried.exit() == 0) {
            return SUDO;
        }
        String account = connection.account();
        String user = account.substring(0, account.indexOf('@'));
        throw new KmodscopeException(
                Kind.MISSING,
                account + " is not root, and cannot become root without a password.",
                "Modules are root's to load. Log in as root (root@…), or let the user become root"
                        + " on the board: echo '"
                        + user
                        + " ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/kmodscope");
    }

    private static String compiler(Board board, String machine) throws KmodscopeException {
        if (board.compiler().isPresent()) {
            return board.compiler().get();
        }
        if (board.cross().isPresent()) {
            return board.cross().get().compiler();
        }
        if (machine.equals(CrossBuild.ownMachine())) {
            return OWN_COMPILER;
        }
        return CrossBuild.forMachine(machine)
                .map(CrossBuild::compiler)
                .orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.USAGE,
                                        "Which compiler makes programs for a "
                                                + machine
                                                + " is not known.",
                                        "Name it: --agent-cc, or \"compiler\" of the board."));
    }

    private static void tidy(Connection connection, String home) throws InterruptedException {
        try {
            connection.run("rm -rf " + home, new NullProgressMonitor());
        } catch (KmodscopeException e) {
            // The connection is what failed; the board's own /tmp is cleared when it starts.
            return;
        }
    }
}
