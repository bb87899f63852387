/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.bridge.JnaGuestBridge;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.ProbeProgram;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;
import org.kmodscope.targets.UmlTarget;

/** Drivers from the template, built for the default kernel, and labs to load them in. */
final class Workshop {

    static final IProgressMonitor MONITOR = new NullProgressMonitor();

    private final CacheDirectory cache;
    private final KernelStore kernels;

    Workshop() throws KmodscopeException {
        cache = CacheDirectory.of(System.getenv());
        kernels = new DebianKernelStore(cache, System.getenv());
    }

    /** A lab that boots no longer than it must. */
    TargetSession open() throws KmodscopeException, InterruptedException {
        return open(MONITOR);
    }

    /** The same, to be cancelled. */
    TargetSession open(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        return qemu().open(new TargetSpec.Qemu(KernelStore.DEFAULT_ID), monitor);
    }

    /** Whether the debug lab's kernel is here; tests never build it. */
    boolean hasDebugKernel() throws KmodscopeException {
        return kernels.find(TargetSpec.Uml.KERNEL_ID).isPresent();
    }

    /** How labs of QEMU are opened. */
    Target qemu() {
        return new QemuTarget(cache, kernels, Optional.empty());
    }

    /** A debug lab. */
    TargetSession openDebug() throws KmodscopeException, InterruptedException {
        return new UmlTarget(cache, kernels, Optional.empty()).open(new TargetSpec.Uml(), MONITOR);
    }

    /** A lab that can run the bridge. */
    TargetSession openWithBridge() throws Exception {
        return new QemuTarget(cache, kernels, Optional.of(new JnaGuestBridge()))
                .open(new TargetSpec.Qemu(KernelStore.DEFAULT_ID, true), MONITOR);
    }

    Kernel kernel() throws KmodscopeException, InterruptedException {
        return kernels.require(KernelStore.DEFAULT_ID, MONITOR);
    }

    /** The template as it comes, under a name; the module's file. */
    Path driver(Path directory, String name) throws Exception {
        TemplateSource templates = TemplateSource.classLoader(Workshop.class.getClassLoader());
        new TemplateRenderer(templates).render(DriverSpec.named(name).build()).writeTo(directory);
        return build(directory);
    }

    /** A probe of a driver's directory; the program. */
    Path probe(ProbeSpec spec) throws Exception {
        ProbeProgram result = new ProbeBuild(cache).build(spec, line -> {}, MONITOR);
        assertEquals(List.of(), result.diagnostics());
        return result.program().orElseThrow();
    }

    /** A module of a single source; the module's file. */
    Path module(Path directory, String name, String source) throws Exception {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name + ".c"), source);
        Files.writeString(directory.resolve("Kbuild"), "obj-m := " + name + ".o\n");
        return build(directory);
    }

    /**
     * The same module with a text in it changed to one of the same length, wherever it is.
     *
     * @param directory where the changed one goes, under the same file name
     */
    static Path patched(Path module, Path directory, String text, String other) throws IOException {
        String bytes = Files.readString(module, StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains(text), text);
        assertTrue(text.length() == other.length(), other);
        return Files.writeString(
                Files.createDirectories(directory).resolve(module.getFileName()),
                bytes.replace(text, other),
                StandardCharsets.ISO_8859_1);
    }

    private Path build(Path directory) throws Exception {
        BuildResult result =
                new ModuleBuild(cache)
                        .build(BuildRequest.of(directory, kernel()), line -> {}, MONITOR);
        return result.module().orElseThrow(() -> new AssertionError(result.diagnostics()));
    }
}
