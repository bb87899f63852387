/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.internal;

import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.check.CheckpatchSupply;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.BoardFile;
import org.kmodscope.core.target.PrivilegedLoader;
import org.kmodscope.core.target.Prompt;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.lab.LabPreferences;
import org.kmodscope.ide.lab.PreferredLabs;
import org.kmodscope.ide.target.Consent;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * What other bundles offer, gathered (OSGI-INF/tools.xml). A new instance is made when what is
 * offered changes.
 */
public final class InstalledTools implements DriverTools {

    private static final String TEMPLATES = "org.kmodscope.templates";

    private final BundleContext context;
    private final CacheDirectory cache;
    private final KernelStore kernels;
    private final List<Target> targets;
    private final CheckpatchSupply checkpatch;
    private final PrivilegedLoader helper;
    private final Consent consent;
    private final BoardFile boards = BoardFile.of(System.getenv());
    private final LabPreferences labs = new LabPreferences(InstanceScope.INSTANCE);

    /**
     * Called by the component runtime.
     *
     * @param prompts who asks the user; none without a workbench
     */
    public InstalledTools(
            BundleContext context,
            CacheDirectory cache,
            KernelStore kernels,
            List<Target> targets,
            CheckpatchSupply checkpatch,
            PrivilegedLoader helper,
            List<Prompt> prompts) {
        this.context = context;
        this.cache = cache;
        this.kernels = kernels;
        this.targets = List.copyOf(targets);
        this.checkpatch = checkpatch;
        this.helper = helper;
        this.consent = new Consent(cache, prompts.stream().findFirst().orElse(Prompt.NOBODY));
    }

    @Override
    public CacheDirectory cache() {
        return cache;
    }

    @Override
    public KernelStore kernels() {
        return kernels;
    }

    @Override
    public Target target(TargetSpec spec) throws KmodscopeException {
        return targets.stream()
                .filter(target -> target.accepts(spec))
                .findFirst()
                .map(target -> new PreferredLabs(target, labs))
                .orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.USAGE,
                                        "Nothing that is installed opens this target: "
                                                + spec
                                                + ".",
                                        "Choose another target."));
    }

    @Override
    public BoardFile boards() {
        return boards;
    }

    @Override
    public Consent consent() {
        return consent;
    }

    @Override
    public PrivilegedLoader helper() {
        return helper;
    }

    @Override
    public CheckpatchSupply checkpatch() {
        return checkpatch;
    }

    @Override
    public TemplateRenderer templates() throws KmodscopeException {
        URL base =
                Arrays.stream(context.getBundles())
                        .filter(bundle -> TEMPLATES.equals(bundle.getSymbolicName()))
                        .map(InstalledTools::root)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                Kind.MISSING,
                                                "The templates are not installed.",
                                                "Install the feature kmodscope again."));
        return new TemplateRenderer(TemplateSource.url(base));
    }

    private static Optional<URL> root(Bundle bundle) {
        return Optional.ofNullable(bundle.getEntry("/"));
    }
}
