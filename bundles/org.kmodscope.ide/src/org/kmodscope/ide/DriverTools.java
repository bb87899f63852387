/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide;

import java.util.Optional;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.check.CheckpatchSupply;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.BoardFile;
import org.kmodscope.core.target.PrivilegedLoader;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.target.Consent;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * What the IDE works with, as one OSGi service. It is there as soon as the bundles that bring
 * kernels and targets are; the IDE does not know them by name.
 */
public interface DriverTools {

    /** Where kernels, builds and labs are kept. */
    CacheDirectory cache();

    /** The kernels of this machine. */
    KernelStore kernels();

    /**
     * The target that opens this specification; its labs have the size that is preferred.
     *
     * @throws KmodscopeException USAGE when no installed target does
     */
    Target target(TargetSpec spec) throws KmodscopeException;

    /** The user's boards. */
    BoardFile boards();

    /** What is asked before a driver goes into this machine's own kernel. */
    Consent consent();

    /** What loads drivers into this machine's own kernel, as root. */
    PrivilegedLoader helper();

    /** Renders the templates that are installed. */
    TemplateRenderer templates() throws KmodscopeException;

    /** Where the kernel's style checker comes from. */
    CheckpatchSupply checkpatch();

    /**
     * The tools of this IDE, for what the extension registry makes (views, wizards, launch
     * delegates).
     *
     * @throws KmodscopeException MISSING while a bundle they need is not there
     */
    static DriverTools installed() throws KmodscopeException {
        BundleContext context = FrameworkUtil.getBundle(DriverTools.class).getBundleContext();
        return Optional.ofNullable(context.getServiceReference(DriverTools.class))
                .flatMap(reference -> Optional.ofNullable(context.getService(reference)))
                .orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.MISSING,
                                        "The targets of kmodscope are not installed.",
                                        "Install the feature kmodscope again."));
    }
}
