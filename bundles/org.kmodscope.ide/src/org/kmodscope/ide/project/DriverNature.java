/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.project;

import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IProjectNature;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Marks a project as one of an asynchronous driver, so that menus offer what fits. It configures
 * nothing: a driver is built for a kernel, on demand.
 */
public final class DriverNature implements IProjectNature {

    /** The nature's identifier in a project's description. */
    public static final String ID = "org.kmodscope.ide.driverNature";

    private @Nullable IProject project;

    @Override
    public void configure() {
        // Nothing to set up: see above.
    }

    @Override
    public void deconfigure() {
        // Nothing was set up.
    }

    @Override
    public IProject getProject() {
        IProject owner = project;
        if (owner == null) {
            throw new IllegalStateException("The workspace has not said whose nature this is.");
        }
        return owner;
    }

    @Override
    public void setProject(@Nullable IProject owner) {
        project = owner;
    }
}
