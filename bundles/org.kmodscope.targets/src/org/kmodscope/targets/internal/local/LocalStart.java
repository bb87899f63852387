/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.LocalBridge;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.targets.internal.agent.AgentSession;
import org.kmodscope.targets.internal.agent.Greeting;
import org.kmodscope.targets.internal.agent.NativePrograms;
import org.kmodscope.targets.internal.program.AgentProgram;
import org.kmodscope.targets.internal.program.ProcessLine;

/** Makes this machine ready to load a module. */
public final class LocalStart {

    private static final Duration GREETS_WITHIN = Duration.ofSeconds(60);
    private static final Path BUS = Path.of("/run/dbus/system_bus_socket");

    private final CacheDirectory cache;
    private final Optional<LocalBridge> bridge;
    private final Consumer<KmodscopeException> leftovers;
    private final HostKernelFacts facts;

    /**
     * @param root the root directory, where the kernel's files are looked for
     */
    public LocalStart(
            CacheDirectory cache,
            Optional<LocalBridge> bridge,
            Consumer<KmodscopeException> leftovers,
            Path root) {
        this.cache = cache;
        this.bridge = bridge;
        this.leftovers = leftovers;
        this.facts = new HostKernelFacts(root);
    }

    /** Opens a session on this machine; as {@link org.kmodscope.targets.LocalTarget#open}. */
    public TargetSession open(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        SubMonitor progress = SubMonitor.convert(monitor, "Preparing this machine", 100);
        NativePrograms programs = NativePrograms.require(cache, progress.split(50));
        AgentProgram agent = AgentProgram.start("kmodscope local", line(programs, home()));
        boolean open = false;
        try {
            Greeting greeting = agent.handshake(GREETS_WITHIN, progress.split(30));
            RootWay way = RootWay.choose(means(greeting.isRoot()), programs.helper());
            Optional<HelperLog> log =
                    logReadable()
                            ? Optional.empty()
                            : Optional.of(HelperLog.start(way, agent.client(), progress.split(15)));
            TargetSession session =
                    new AgentSession(
                            info(greeting),
                            new LocalPlace(
                                    agent,
                                    new LocalModules(new RootCalls(way), facts),
                                    log,
                                    bridge,
                                    leftovers));
            open = true;
            return session;
        } finally {
            if (!open) {
                agent.close();
            }
        }
    }

    /** The agent removes its home; where it does not even start, nobody else would. */
    private static ProcessLine line(NativePrograms programs, Path home) throws KmodscopeException {
        boolean started = false;
        try {
            ProcessLine line =
                    ProcessLine.start(
                            List.of(
                                    programs.agent().toString(),
                                    "--stdio",
                                    "--home",
                                    home.toString()),
                            home);
            started = true;
            return line;
        } finally {
            if (!started) {
                home.toFile().delete();
            }
        }
    }

    private TargetInfo info(Greeting greeting) {
        Taint taint = facts.taint();
        return new TargetInfo(
                "this machine",
                greeting.release(),
                greeting.machine(),
                TargetInfo.Acceleration.NATIVE,
                taint.remarkable()
                        ? Optional.of(
                                "This machine's kernel is tainted before anything is loaded: "
                                        + taint.words()
                                        + ".")
                        : Optional.empty());
    }

    /** The agent's home, which it removes; its name tells it so. */
    private static Path home() throws KmodscopeException {
        try {
            return Files.createTempDirectory("kmodscope-");
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "There is no room for temporary files: " + Reason.of(e) + ".",
                    "Free space, or name another directory: -Djava.io.tmpdir=DIRECTORY.",
                    e);
        }
    }

    /** The kernel decides when it is opened: kernel.dmesg_restrict is no permission of the file. */
    private static boolean logReadable() {
        return canOpen(Path.of("/dev/kmsg"));
    }

    private static RootWay.Means means(boolean root) throws InterruptedException {
        return new RootWay.Means(
                root,
                InstalledLoader.find(),
                Files.exists(InstalledLoader.POLICY)
                        && Files.exists(BUS)
                        && HostCommand.of("pkexec").locate().isPresent(),
                HostCommand.of("sudo").locate().isPresent(),
                !System.getenv().getOrDefault("SUDO_ASKPASS", "").isEmpty(),
                hasTerminal());
    }

    /** Whether there is somebody to ask: the name stands for the process's own terminal. */
    private static boolean hasTerminal() {
        return canOpen(Path.of("/dev/tty"));
    }

    private static boolean canOpen(Path file) {
        try {
            Files.newByteChannel(file).close();
            return true;
        } catch (IOException forbidden) {
            return false;
        }
    }
}
