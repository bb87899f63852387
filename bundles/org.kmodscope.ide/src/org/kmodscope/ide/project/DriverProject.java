/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.project;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IProjectDescription;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.IWorkspace;
import org.eclipse.core.resources.IWorkspaceRoot;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.GeneratedTree;
import org.kmodscope.core.driver.SpecFile;

/**
 * A project of the workspace that holds a generated driver.
 *
 * @param project an open project with {@link DriverNature}
 * @param directory where its files are on disk
 */
public record DriverProject(IProject project, Path directory) {

    /** The project of a resource, empty when it is none of a driver. Cheap, any thread. */
    public static Optional<DriverProject> of(IResource resource) {
        IProject project = resource.getProject();
        try {
            if (project == null || !project.isOpen() || !project.hasNature(DriverNature.ID)) {
                return Optional.empty();
            }
        } catch (CoreException closedMeanwhile) {
            return Optional.empty();
        }
        return Optional.ofNullable(project.getLocation())
                .map(location -> new DriverProject(project, location.toPath()));
    }

    /** All open driver projects, by name. */
    public static List<DriverProject> all(IWorkspaceRoot root) {
        List<DriverProject> found = new ArrayList<>();
        for (IProject project : root.getProjects()) {
            of(project).ifPresent(found::add);
        }
        return found;
    }

    /** What the driver was generated from; reads a file, so not on the UI thread. */
    public DriverSpec spec() throws KmodscopeException {
        return SpecFile.read(directory);
    }

    /**
     * Makes a project of a rendered driver: all of it or nothing. The files are written in one step
     * before the workspace hears of them; when the workspace then refuses the project they are
     * removed again.
     *
     * @param name the project's name
     * @param location where to put it; empty for the workspace's own place
     * @throws KmodscopeException USAGE when a project or something else is in the way; FAILED when
     *     writing failed
     */
    public static DriverProject create(
            String name, Optional<Path> location, GeneratedTree tree, IProgressMonitor monitor)
            throws KmodscopeException {
        IWorkspace workspace = ResourcesPlugin.getWorkspace();
        IProject project = workspace.getRoot().getProject(name);
        if (project.exists()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "There is a project " + name + " already.",
                    "Choose another project name.");
        }
        Path directory =
                location.orElseGet(() -> workspace.getRoot().getLocation().append(name).toPath());
        IProjectDescription description = workspace.newProjectDescription(name);
        description.setNatureIds(new String[] {DriverNature.ID});
        location.map(Path::toUri).ifPresent(description::setLocationURI);
        tree.writeTo(directory);
        try {
            workspace.run(
                    m -> {
                        SubMonitor steps = SubMonitor.convert(m, 3);
                        project.create(description, steps.split(1));
                        project.open(IResource.NONE, steps.split(1));
                        // Unsaid, the workspace warns of it in every new project.
                        project.setDefaultCharset("UTF-8", steps.split(1));
                    },
                    workspace.getRoot(),
                    IWorkspace.AVOID_UPDATE,
                    monitor);
        } catch (CoreException refused) {
            undo(project, tree, directory, refused);
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The workspace refused the project: " + refused.getMessage(),
                    "Choose another name or place; nothing was left behind.",
                    refused);
        } catch (RuntimeException cancelledOrBroken) {
            undo(project, tree, directory, cancelledOrBroken);
            throw cancelledOrBroken;
        }
        return new DriverProject(project, directory);
    }

    /** Takes away exactly what was made; what cannot be taken away is told beside the reason. */
    private static void undo(
            IProject project, GeneratedTree tree, Path directory, Exception reason) {
        try {
            project.delete(IResource.NEVER_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
            Files.deleteIfExists(directory.resolve(IProjectDescription.DESCRIPTION_FILE_NAME));
            for (String path : tree.paths().reversed()) {
                Path file = directory.resolve(path);
                Files.deleteIfExists(file);
                deleteEmptyParents(file, directory);
            }
        } catch (CoreException | IOException stays) {
            reason.addSuppressed(stays);
        }
    }

    private static void deleteEmptyParents(Path file, Path top) throws IOException {
        Path parent = file.getParent();
        while (parent != null && parent.startsWith(top)) {
            try {
                Files.deleteIfExists(parent);
            } catch (DirectoryNotEmptyException others) {
                return;
            }
            parent = parent.getParent();
        }
    }
}
