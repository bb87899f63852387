/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.project;

import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.CiSystem;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.GeneratedTree;
import org.kmodscope.core.driver.TemplateRenderer;

/**
 * A driver as a project gets it: preview and Finish render the same plan.
 *
 * @param workflow the CI system whose file goes with it
 */
public record DriverPlan(DriverSpec spec, Optional<CiSystem> workflow) {

    /**
     * The project's files. Reads the templates, so not on the UI thread.
     *
     * @throws KmodscopeException USAGE when the template does not offer this, FAILED when the
     *     templates are damaged
     */
    public GeneratedTree render(TemplateRenderer templates) throws KmodscopeException {
        GeneratedTree tree = templates.render(spec);
        return workflow.isEmpty()
                ? tree
                : tree.with(workflow.get().path(), templates.workflow(workflow.get()));
    }
}
