/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.Prompt.Secret;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSession.Armed;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.SshTarget;
import org.kmodscope.targets.internal.kernel.BoardPackages;
import org.kmodscope.targets.internal.lab.SshBoard;
import org.kmodscope.targets.internal.ssh.Login;
import org.kmodscope.targets.internal.ssh.LoginOnly;

/** Against OpenSSH's own server, keys and agent: on a board that is a lab, shared by all. */
@Timeout(300)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class SshTargetTest {

    private static final String NAME = "boardfifo";
    private static final String DEVICE = "/dev/boardfifo";
    private static final String PASSPHRASE = "battery staple";

    @TempDir static Path shared;
    private static CacheDirectory cache;
    private static BoardPackages packages;
    private static SshBoard board;

    @TempDir Path ssh;
    private final Answers answers = new Answers();

    @BeforeAll
    static void boot() throws Exception {
        cache = CacheDirectory.of(System.getenv());
        packages = BoardPackages.require(cache);
        SshBoard.keygen(packages, shared.resolve("open"), "ed25519", "");
        SshBoard.keygen(packages, shared.resolve("locked"), "ed25519", PASSPHRASE);
        String authorized =
                Files.readString(shared.resolve("open.pub"))
                        + Files.readString(shared.resolve("locked.pub"));
        Path files = Files.createDirectory(shared.resolve("board"));
        board = SshBoard.boot(cache, new Workshop().kernel(), files, authorized);
    }

    @AfterAll
    static void end() {
        board.close();
    }

    @BeforeEach
    void knowTheBoard() throws Exception {
        know(board.hostKey("ed25519"));
    }

    private void know(String key) throws Exception {
        String line = key.isEmpty() ? "" : "[127.0.0.1]:" + board.port() + ' ' + key + '\n';
        Files.writeString(ssh.resolve("known_hosts"), line);
    }

    private void key(String name, String as) throws Exception {
        Files.copy(shared.resolve(name), ssh.resolve(as));
        Files.copy(shared.resolve(name + ".pub"), ssh.resolve(as + ".pub"));
    }

    private TargetSession open(String address, Map<String, String> environment) throws Exception {
        return new SshTarget(cache, environment, answers, ssh)
                .open(new TargetSpec.Ssh(Board.at(address)), new NullProgressMonitor());
    }

    private TargetSession open() throws Exception {
        return open("root@127.0.0.1:" + board.port(), Map.of());
    }

    /** Does no more than it takes to be let in. */
    private void logIn(Map<String, String> environment) throws Exception {
        LoginOnly.at(new Login(ssh, environment, answers), "root@127.0.0.1:" + board.port());
    }

    private void logIn() throws Exception {
        logIn(Map.of());
    }

    private KmodscopeException refused() {
        KmodscopeException failure = assertThrows(KmodscopeException.class, this::logIn);
        assertFalse(failure.remedy().isBlank(), failure::toString);
        return failure;
    }

    @Test
    void aDriverIsLoadedProbedWatchedAndUnloaded() throws Exception {
        key("open", "id_ed25519");
        Workshop workshop = new Workshop();
        Path project = shared.resolve(NAME);
        Path driver = workshop.driver(project, NAME);
        ProbeSpec probe =
                ProbeSpec.ofProject(project).stream()
                        .filter(one -> one.name().equals("sigio"))
                        .findFirst()
                        .orElseThrow();
        try (TargetSession session = open();
                Recorder recorder = new Recorder(session.events())) {
            assertEquals(workshop.kernel().release(), session.info().kernelRelease());
            assertEquals(Optional.empty(), session.info().note());
            session.load(driver, List.of());
            ProbeRun.Result result =
                    new ProbeRun(session, probe, DEVICE, "fasync,poll,aio=queued")
                            .run(workshop.probe(probe), new Deaf(), new NullProgressMonitor());
            assertTrue(result.report().passed(), result.report()::toString);
            try (Armed armed = session.arm(new ArmRequest(DEVICE, true, 4096))) {
                session.stimulate(new Stimulus(DEVICE, 500, 8, 0), new NullProgressMonitor());
                recorder.finish();
                assertEquals(500, recorder.of(EventKind.WRITE_END).size());
                assertTrue(armed.stream() > 0);
            }
            assertFalse(recorder.of(EventKind.SIGIO_IN).isEmpty());
            // The kernel's side, too: the board has tracefs.
            assertFalse(recorder.of(EventKind.SIGNAL_GENERATED).isEmpty());
            assertEquals(0, recorder.lost());
            session.unload(NAME);
        }
        try (TargetSession session = open()) {
            assertEquals(1, Printed.by(session, "test", "-e", DEVICE).status());
            // Its own home and trace, and nothing of the session before once that is gone.
            String gone =
                    "until [ $(ls /tmp | wc -l) = 1 ]"
                            + " && [ $(ls /sys/kernel/tracing/instances | wc -l) = 1 ];"
                            + " do sleep 0.1; done";
            assertEquals(0, Printed.by(session, "timeout", "60", "sh", "-c", gone).status());
        }
    }

    @Test
    void aHostThatIsNotKnownIsAskedAboutOnce() throws Exception {
        key("open", "id_ed25519");
        know("");
        KmodscopeException failure = refused();
        assertTrue(failure.getMessage().contains("is not a known host"), failure::toString);
        assertTrue(failure.getMessage().contains("SHA256:"), failure::toString);
        assertEquals(1, answers.questions.size());
        answers.agree = true;
        logIn();
        assertEquals(
                "[127.0.0.1]:" + board.port() + ' ' + board.hostKey("ed25519") + '\n',
                Files.readString(ssh.resolve("known_hosts")));
        answers.agree = false;
        logIn();
        assertEquals(2, answers.questions.size());
    }

    @Test
    void aHostWhoseKeyHasChangedIsRefusedUnasked() throws Exception {
        key("open", "id_ed25519");
        String other = Files.readString(shared.resolve("locked.pub"));
        know(other.substring(0, other.lastIndexOf(' ')));
        answers.agree = true;
        KmodscopeException failure = refused();
        assertEquals(Kind.LAB, failure.kind());
        assertTrue(failure.getMessage().contains("HAS CHANGED"), failure::toString);
        assertTrue(failure.remedy().contains("ssh-keygen"), failure.remedy());
        assertEquals(List.of(), answers.questions);
    }

    @Test
    void aHostIsAskedForTheKindOfKeyThatItIsKnownBy() throws Exception {
        key("open", "id_ed25519");
        know(board.hostKey("ecdsa"));
        logIn();
        assertEquals(List.of(), answers.questions);
    }

    /** The board is behind itself. */
    @Test
    void eachHostOnTheWayIsKnownByItsOwnName() throws Exception {
        key("open", "id_ed25519");
        know("");
        answers.agree = true;
        String jump = "root@127.0.0.1:" + board.port();
        String way = "Host behind\n\tHostName 127.0.0.1\n\tUser root\n\tProxyJump " + jump + "\n";
        Files.writeString(ssh.resolve("config"), way);
        LoginOnly.at(new Login(ssh, Map.of(), answers), "behind");
        String key = ' ' + board.hostKey("ed25519") + '\n';
        String known = "[127.0.0.1]:" + board.port() + key + "127.0.0.1" + key;
        assertEquals(known, Files.readString(ssh.resolve("known_hosts")));
    }

    @Test
    void passwordsAreAskedForUntilOneIsRight() throws Exception {
        answers.secrets.addAll(List.of("wrong", SshBoard.PASSWORD));
        logIn();
        assertEquals(2, answers.wanted.size());
        assertFalse(answers.wanted.get(0).again());
        assertTrue(answers.wanted.get(1).again());
        assertTrue(answers.wanted.get(0).text().startsWith("Password of root@127.0.0.1"));
    }

    @Test
    void wrongPasswordsAreARefusalThatSaysSo() throws Exception {
        answers.secrets.addAll(List.of("one", "two", "three"));
        KmodscopeException failure = refused();
        assertEquals(Kind.LAB, failure.kind());
        assertTrue(failure.getMessage().contains("password"), failure::toString);
        assertEquals(List.of(), answers.secrets);
    }

    @Test
    void aKeyIsUnlockedByItsPassphrase() throws Exception {
        key("locked", "id_ed25519");
        answers.secrets.addAll(List.of("wrong", PASSPHRASE));
        logIn();
        assertTrue(answers.wanted.getFirst().text().startsWith("Passphrase of the key"));
    }

    /** Answers after the server hung up: sshd_config(5), LoginGraceTime. */
    private void logInLate() throws Exception {
        try (Relay relay = new Relay(board.port())) {
            answers.meanwhile = relay::hangUp;
            logInBy(relay);
            assertEquals(1 + answers.asked(), relay.connections());
        }
    }

    private void logInBy(Relay relay) throws Exception {
        Path known = ssh.resolve("known_hosts");
        String there = Files.readString(known).replace(":" + board.port(), ":" + relay.port());
        Files.writeString(known, there);
        LoginOnly.at(new Login(ssh, Map.of(), answers), "root@127.0.0.1:" + relay.port());
    }

    @Test
    void whoAcceptsAHostLateIsConnectedAgain() throws Exception {
        key("open", "id_ed25519");
        know("");
        answers.agree = true;
        logInLate();
        assertEquals(1, answers.questions.size());
    }

    @Test
    void whoEntersAPasswordLateIsConnectedAgainAndNotAskedAgain() throws Exception {
        answers.secrets.add(SshBoard.PASSWORD);
        logInLate();
        assertEquals(1, answers.wanted.size());
    }

    @Test
    void whoUnlocksAKeyLateIsConnectedAgainAndNotAskedAgain() throws Exception {
        key("locked", "id_ed25519");
        answers.secrets.add(PASSPHRASE);
        logInLate();
        assertEquals(1, answers.wanted.size());
    }

    @Test
    void whoIsLateWithEveryAnswerIsLetInByTheLast() throws Exception {
        know("");
        answers.agree = true;
        answers.secrets.addAll(List.of("wrong", SshBoard.PASSWORD));
        logInLate();
        assertEquals(1, answers.questions.size());
        assertEquals(List.of(false, true), answers.wanted.stream().map(Secret::again).toList());
    }

    @Test
    void aBoardThatIsGoneAfterTheAnswerIsNotWaitedFor() throws Exception {
        try (Relay relay = new Relay(board.port())) {
            answers.secrets.add(SshBoard.PASSWORD);
            answers.meanwhile = relay::close;
            KmodscopeException failure =
                    assertThrows(KmodscopeException.class, () -> logInBy(relay));
            assertTrue(failure.getMessage().startsWith("No connection to"), failure::toString);
            assertEquals(1, answers.asked());
        }
    }

    @Test
    void theUsersAgentHasKeysAndNobodyIsAsked() throws Exception {
        Path socket = ssh.resolve("agent");
        Process agent =
                new ProcessBuilder(
                                packages.command(
                                        "usr/bin/ssh-agent", "-D", "-a", socket.toString()))
                        .redirectErrorStream(true)
                        .start();
        try {
            // What it prints first names its socket, which listens by then.
            assertTrue(agent.inputReader().readLine().contains(socket.toString()));
            Map<String, String> environment = Map.of("SSH_AUTH_SOCK", socket.toString());
            Captured added =
                    HostCommand.of(
                                    packages.command(
                                            "usr/bin/ssh-add", shared.resolve("open").toString()))
                            .with("SSH_AUTH_SOCK", socket.toString())
                            .capture(new NullProgressMonitor());
            assertEquals(0, added.exit(), added::words);
            logIn(environment);
            assertEquals(List.of(), answers.wanted);
        } finally {
            agent.destroy();
            agent.waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void theUsersConfigurationIsHonoured() throws Exception {
        key("open", "special");
        Files.writeString(
                ssh.resolve("config"),
                """
                Host pi
                    HostName 127.0.0.1
                    Port %d
                    User root
                    IdentityFile %s
                """
                        .formatted(board.port(), ssh.resolve("special")));
        try (TargetSession session = open("pi", Map.of())) {
            assertEquals("SSH · pi", session.info().title());
        }
    }

    @Test
    void whoCannotBecomeRootIsToldWhatToDo() throws Exception {
        key("open", "id_ed25519");
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> open("dev@127.0.0.1:" + board.port(), Map.of()).close());
        assertEquals(Kind.MISSING, failure.kind());
        assertTrue(failure.getMessage().contains("not root"), failure::toString);
        assertTrue(failure.remedy().contains("sudoers.d"), failure.remedy());
    }

    @Test
    void aLostConnectionTellsWhenAndWhatWasPendingAndCanBeOpenedAgain() throws Exception {
        key("open", "id_ed25519");
        Path driver = new Workshop().driver(shared.resolve("lost"), "lostfifo");
        try (TargetSession session = open()) {
            session.load(driver, List.of());
            session.arm(new ArmRequest("/dev/lostfifo", true, 4096));
            RemoteCommand pending = session.start(List.of("sleep", "1000"), new Printed());
            // All of the server but the loop that starts it anew.
            session.start(List.of("killall", "-9", "sshd"), new Printed());
            KmodscopeException failure =
                    assertThrows(
                            KmodscopeException.class,
                            () -> pending.waitFor(new NullProgressMonitor()));
            assertEquals(Kind.LAB, failure.kind());
            TargetEnd end = session.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
            String reason = assertInstanceOf(TargetEnd.Vanished.class, end).reason();
            assertTrue(reason.matches("(?s).* at \\d\\d:\\d\\d:\\d\\d, .*sleep.*"), reason);
        }
        board.awaitServer();
        try (TargetSession session = open()) {
            String unloaded = "while [ -e /sys/module/lostfifo ]; do sleep 0.1; done";
            assertEquals(0, Printed.by(session, "timeout", "60", "sh", "-c", unloaded).status());
            session.load(driver, List.of());
            session.unload("lostfifo");
        }
    }

    @Test
    void whereNobodyListensItIsSaid() throws Exception {
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class, () -> open("root@127.0.0.1:1", Map.of()).close());
        assertEquals(Kind.LAB, failure.kind());
        assertTrue(failure.getMessage().startsWith("No connection to root@127.0.0.1:1"));
    }
}
