/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.target;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.target.Prompt;
import org.kmodscope.core.target.TargetSpec;

/**
 * The user's consent to load a module into this machine's own kernel. It is asked for before the
 * first load of each version of a driver that no lab run has passed; for any thread.
 */
public final class Consent {

    private final LabPasses passes;
    private final Prompt prompt;
    private final Set<LabPasses.Identity> given = ConcurrentHashMap.newKeySet();

    /**
     * @param cache where it is kept what has passed in a lab
     * @param prompt who is asked
     */
    public Consent(CacheDirectory cache, Prompt prompt) {
        this.passes = new LabPasses(cache);
        this.prompt = prompt;
    }

    /**
     * Asks if need be; anywhere but on this machine nothing is asked.
     *
     * @param project the driver's directory
     * @throws OperationCanceledException when the user says no
     * @throws KmodscopeException USAGE when there is nobody to ask
     */
    public void before(TargetSpec target, Path project, Path module) throws KmodscopeException {
        if (!(target instanceof TargetSpec.Local)) {
            return;
        }
        LabPasses.Identity driver = LabPasses.of(project, module);
        if (given.contains(driver) || passes.find(driver).isPresent()) {
            return;
        }
        if (!prompt.accept(question(module))) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    module.getFileName() + " was not loaded.",
                    "Run its probes in a lab first.");
        }
        given.add(driver);
    }

    private static Prompt.Question question(Path module) {
        return new Prompt.Question(
                "Load into this machine's own kernel",
                module.getFileName()
                        + " has not passed a lab run as it is now.\n"
                        + "A fault in it can hang or crash this machine, and lose what is not"
                        + " saved. A lab can do it no harm: run its probes there first.\n"
                        + "Load it into this machine's own kernel all the same?",
                "Load");
    }

    /**
     * Remembers that all probes of a run passed, where that was a lab.
     *
     * @param driver as it was when it was loaded
     */
    public void passed(TargetSpec target, LabPasses.Identity driver) throws KmodscopeException {
        Optional<String> lab =
                switch (target) {
                    case TargetSpec.Qemu qemu -> Optional.of(qemu.kernelId());
                    case TargetSpec.Uml uml -> Optional.of(uml.kernelId());
                    case TargetSpec.Local local -> Optional.empty();
                    case TargetSpec.Ssh ssh -> Optional.empty();
                    case TargetSpec.Recorded recorded -> Optional.empty();
                };
        if (lab.isPresent()) {
            passes.passed(driver, lab.get());
        }
    }
}
