/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.bridge.JnaGuestBridge;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventPump;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.core.target.Targets;
import org.kmodscope.lab.seeded.SeededBug;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;
import org.kmodscope.targets.UmlTarget;

/** A lab with the globalfifo driver, freshly scaffolded and built, and the agent's events. */
final class DriverLab implements AutoCloseable {

    static final String MODULE = "globalfifo";
    static final String DEVICE = "/dev/" + MODULE;

    private final Path module;
    private final TargetSession session;
    private final EventLog agent = new EventLog();
    private final AtomicReference<SourceEnd> agentEnd = new AtomicReference<>();
    private final EventPump pump;

    private DriverLab(Path module, TargetSession session) throws Exception {
        this.module = module;
        this.session = session;
        this.pump = EventPump.start(session.events(), agent, agentEnd::set);
    }

    /** Boots one; with a Java runtime when the bridge is wanted. */
    static DriverLab open(Path project, boolean bridge) throws Exception {
        return open(project, KernelStore.DEFAULT_ID, bridge);
    }

    /** As {@link #open}, with another kernel, hence maybe another kind of lab. */
    static DriverLab open(Path project, String kernel, boolean bridge) throws Exception {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        KernelStore kernels = new DebianKernelStore(cache, System.getenv());
        render(project, MODULE);
        Path module = build(project, kernel);
        Optional<GuestBridge> guest = Optional.of(new JnaGuestBridge());
        Target labs =
                new Targets(
                        List.of(
                                new QemuTarget(cache, kernels, guest),
                                new UmlTarget(cache, kernels, guest)));
        TargetSession session = labs.open(TargetSpec.lab(kernel, bridge), monitor());
        try {
            return new DriverLab(module, session);
        } catch (Exception e) {
            session.close();
            throw e;
        }
    }

    private static void render(Path project, String name) throws Exception {
        ClassLoader classes = DriverLab.class.getClassLoader();
        new TemplateRenderer(TemplateSource.classLoader(classes))
                .render(DriverSpec.named(name).build())
                .writeTo(project);
    }

    private static Path build(Path project, String id) throws Exception {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        Kernel kernel = new DebianKernelStore(cache, System.getenv()).require(id, monitor());
        return new ModuleBuild(cache)
                .build(BuildRequest.of(project, kernel), line -> {}, monitor())
                .module()
                .orElseThrow();
    }

    /** Builds another driver, with one of the seeded bugs, and loads it beside. */
    void loadWithBug(Path project, String name, String bug) throws Exception {
        render(project, name);
        SeededBug.all().stream()
                .filter(each -> each.name().equals(bug))
                .findFirst()
                .orElseThrow()
                .putInto(project, name);
        session.load(build(project, KernelStore.DEFAULT_ID), List.of());
    }

    TargetSession session() {
        return session;
    }

    /** What the agent saw: its armed devices, and the writes that it made. */
    EventLog agent() {
        return agent;
    }

    void load() throws Exception {
        session.load(module, List.of());
    }

    void unload() throws Exception {
        session.unload(MODULE);
    }

    /** Writes single bytes to the driver, evenly spaced; all of them are taken. */
    void write(int count, double perSecond) throws Exception {
        assertEquals(
                count,
                session.stimulate(new Stimulus(DEVICE, count, 1, perSecond), monitor()).writes());
    }

    /** Waits until everything that the agent recorded before has arrived here. */
    void settle() throws Exception {
        int before = agent.size();
        session.stimulate(new Stimulus("/dev/null", 1, 77, 0), monitor());
        agent.await(before, "end of the last write", DriverLab::isTheLastWrite);
    }

    private static boolean isTheLastWrite(Event event) {
        return event.kind() == EventKind.WRITE_END && event.result() == 77;
    }

    static NullProgressMonitor monitor() {
        return new NullProgressMonitor();
    }

    @Override
    public void close() {
        pump.close();
        session.close();
        assertEquals(Optional.empty(), agentEnd.get().failure());
    }
}
