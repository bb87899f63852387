/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.kmodscope.bridge.InProcessBridge;
import org.kmodscope.bridge.JnaGuestBridge;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.SparseCheck;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.record.RecordedTarget;
import org.kmodscope.core.target.BoardFile;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.Prompt;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.Targets;
import org.kmodscope.targets.DebianCheckpatch;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.InstallableLoader;
import org.kmodscope.targets.LocalTarget;
import org.kmodscope.targets.QemuTarget;
import org.kmodscope.targets.SshTarget;
import org.kmodscope.targets.UmlTarget;

/**
 * Puts the parts together: the one class of the command line that knows which bridge and which
 * targets there are. In the IDE they are services.
 */
final class Composition implements Tool.Supply {

    private final Map<String, String> environment;
    private final Prompt prompt;
    private final Consumer<KmodscopeException> warning;
    private Optional<Parts> parts = Optional.empty();

    /**
     * @param prompt who is asked for passwords
     * @param warning told of what went wrong when nothing else can tell any more
     */
    Composition(
            Map<String, String> environment, Prompt prompt, Consumer<KmodscopeException> warning) {
        this.environment = environment;
        this.prompt = prompt;
        this.warning = warning;
    }

    @Override
    public synchronized Parts get() throws KmodscopeException {
        if (parts.isEmpty()) {
            parts = Optional.of(make());
        }
        return parts.get();
    }

    private Parts make() throws KmodscopeException {
        CacheDirectory cache = CacheDirectory.of(environment);
        KernelStore kernels = new DebianKernelStore(cache, environment);
        TemplateSource templates = TemplateSource.classLoader(Composition.class.getClassLoader());
        return new Parts(
                cache,
                new TemplateRenderer(templates),
                kernels,
                new ModuleBuild(cache),
                new SparseCheck(cache),
                new ProbeBuild(cache),
                targets(cache, kernels),
                new DebianCheckpatch(cache),
                BoardFile.of(environment)::read,
                new InstallableLoader(cache));
    }

    private Target targets(CacheDirectory cache, KernelStore kernels) throws KmodscopeException {
        Optional<GuestBridge> bridge = Optional.of(bridge());
        return new Targets(
                List.of(
                        new QemuTarget(cache, kernels, bridge),
                        new UmlTarget(cache, kernels, bridge),
                        new LocalTarget(cache, Optional.of(new InProcessBridge()), warning),
                        new SshTarget(cache, environment, prompt),
                        new RecordedTarget()));
    }

    private static GuestBridge bridge() throws KmodscopeException {
        try {
            return new JnaGuestBridge();
        } catch (IOException failure) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The bridge is not where it was installed: " + failure.getMessage() + ".",
                    "Install or build kmodscope again.",
                    failure);
        }
    }
}
