/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.launch;

import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.IAdapterFactory;
import org.eclipse.debug.ui.actions.ILaunchable;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.kmodscope.ide.project.DriverProject;

/**
 * Marks what lies in a driver project as launchable: without that the debug platform leaves Run As
 * out of the menu of a resource.
 *
 * <p>No default for nulls here: JDT cannot match a nullable type variable with the unannotated one
 * of the interface.
 */
@NonNullByDefault({})
public final class LaunchableDrivers implements IAdapterFactory {

    private static final ILaunchable LAUNCHABLE = new ILaunchable() {};

    @Override
    public <T> T getAdapter(Object adaptable, Class<T> type) {
        return type == ILaunchable.class
                        && adaptable instanceof IResource resource
                        && DriverProject.of(resource).isPresent()
                ? type.cast(LAUNCHABLE)
                : null;
    }

    @Override
    public Class<?>[] getAdapterList() {
        return new Class<?>[] {ILaunchable.class};
    }
}
