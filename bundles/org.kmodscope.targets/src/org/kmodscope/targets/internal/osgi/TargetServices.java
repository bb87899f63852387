/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.osgi;

import java.util.List;
import java.util.Optional;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.check.CheckpatchSupply;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.record.RecordedTarget;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.LocalBridge;
import org.kmodscope.core.target.PrivilegedLoader;
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
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.LoggerFactory;

/**
 * Registers what this bundle brings (OSGI-INF/targets.xml). All services share one cache directory,
 * because its locks between threads live in the instance. The framework takes a service back when
 * the component goes.
 */
public final class TargetServices {

    private final List<ServiceRegistration<?>> services;

    /**
     * Called by the component runtime.
     *
     * @param bridges the bridge that labs can run, if one is installed
     * @param local the bridge of this process, if one is installed
     * @param prompts who asks the user; none without a workbench
     */
    public TargetServices(
            BundleContext context,
            List<GuestBridge> bridges,
            List<LocalBridge> local,
            List<Prompt> prompts)
            throws KmodscopeException {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        KernelStore kernels = new DebianKernelStore(cache, System.getenv());
        Optional<GuestBridge> bridge = bridges.stream().findFirst();
        Prompt prompt = prompts.stream().findFirst().orElse(Prompt.NOBODY);
        services =
                List.of(
                        context.registerService(CacheDirectory.class, cache, null),
                        context.registerService(KernelStore.class, kernels, null),
                        context.registerService(
                                CheckpatchSupply.class, new DebianCheckpatch(cache), null),
                        context.registerService(
                                PrivilegedLoader.class, new InstallableLoader(cache), null),
                        context.registerService(
                                Target.class,
                                new Targets(
                                        List.of(
                                                new QemuTarget(cache, kernels, bridge),
                                                new UmlTarget(cache, kernels, bridge),
                                                new LocalTarget(
                                                        cache,
                                                        local.stream().findFirst(),
                                                        left -> log(context, left)),
                                                new SshTarget(cache, System.getenv(), prompt),
                                                new RecordedTarget())),
                                null));
    }

    /** Where a user finds what happened when nobody waited for it any more: the error log. */
    private static void log(BundleContext context, KmodscopeException left) {
        Optional.ofNullable(context.getServiceReference(LoggerFactory.class))
                .flatMap(reference -> Optional.ofNullable(context.getService(reference)))
                .map(loggers -> loggers.getLogger(TargetServices.class))
                .ifPresent(log -> log.error(left.getMessage() + " " + left.remedy(), left));
    }

    /** Called by the component runtime. */
    public void deactivate() {
        services.forEach(ServiceRegistration::unregister);
    }
}
