/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.project;

import java.util.List;
import java.util.Map;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.IWorkspace;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IPath;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.build.Diagnostic;

/** Shows what a build said as problems on a project's files. */
public final class BuildMarkers {

    /** The marker type, a problem that survives a restart. */
    public static final String TYPE = "org.kmodscope.ide.buildProblem";

    private BuildMarkers() {}

    /**
     * Replaces the project's build problems. A message about a file outside the project, or about
     * none, is put on the project itself, with the place in its text. Notes are left out: they
     * explain the message before them and are in the build's console.
     *
     * <p>Any thread; takes the project's marker rule.
     */
    public static void show(
            IProject project, List<Diagnostic> diagnostics, IProgressMonitor monitor)
            throws CoreException {
        put(project, diagnostics, true, monitor);
    }

    /** The same, beside what is marked already. */
    public static void add(IProject project, List<Diagnostic> diagnostics, IProgressMonitor monitor)
            throws CoreException {
        put(project, diagnostics, false, monitor);
    }

    private static void put(
            IProject project,
            List<Diagnostic> diagnostics,
            boolean instead,
            IProgressMonitor monitor)
            throws CoreException {
        IWorkspace workspace = project.getWorkspace();
        workspace.run(
                m -> {
                    if (instead) {
                        project.deleteMarkers(TYPE, true, IResource.DEPTH_INFINITE);
                    }
                    for (Diagnostic diagnostic : diagnostics) {
                        if (diagnostic.severity() != Diagnostic.Severity.NOTE) {
                            mark(project, diagnostic);
                        }
                    }
                },
                workspace.getRuleFactory().markerRule(project),
                IWorkspace.AVOID_UPDATE,
                monitor);
    }

    private static void mark(IProject project, Diagnostic diagnostic) throws CoreException {
        var path = IPath.fromOSString(diagnostic.file());
        if (!path.isEmpty() && !path.isAbsolute() && project.getFile(path).exists()) {
            project.getFile(path)
                    .createMarker(
                            TYPE,
                            Map.of(
                                    IMarker.MESSAGE,
                                    diagnostic.text(),
                                    IMarker.SEVERITY,
                                    severity(diagnostic),
                                    IMarker.LINE_NUMBER,
                                    Math.max(1, diagnostic.line())));
        } else {
            project.createMarker(
                    TYPE,
                    Map.of(
                            IMarker.MESSAGE,
                            path.isEmpty() ? diagnostic.text() : diagnostic.toString(),
                            IMarker.SEVERITY,
                            severity(diagnostic)));
        }
    }

    private static int severity(Diagnostic diagnostic) {
        return switch (diagnostic.severity()) {
            case ERROR -> IMarker.SEVERITY_ERROR;
            case WARNING -> IMarker.SEVERITY_WARNING;
            case NOTE -> IMarker.SEVERITY_INFO;
        };
    }
}
