/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.GeneratedTree;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.project.DriverProject;

@ExtendWith(NothingLogged.class)
class DriverProjectTest {

    private static final String NAME = "ringfifo";

    @TempDir Path elsewhere = Path.of("");
    private GeneratedTree tree = tree();

    private static GeneratedTree tree() {
        try {
            return DriverTools.installed().templates().render(DriverSpec.named(NAME).build());
        } catch (KmodscopeException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    @AfterEach
    void emptyWorkspace() throws CoreException {
        for (IProject project : ResourcesPlugin.getWorkspace().getRoot().getProjects()) {
            project.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
        }
    }

    private DriverProject create(Optional<Path> location) throws KmodscopeException {
        return DriverProject.create(NAME, location, tree, new NullProgressMonitor());
    }

    private static IProject project() {
        return ResourcesPlugin.getWorkspace().getRoot().getProject(NAME);
    }

    @Test
    void holdsTheWholeTree() throws Exception {
        DriverProject made = create(Optional.empty());
        for (String path : tree.paths()) {
            assertTrue(made.project().getFile(path).exists(), path);
        }
        assertEquals(NAME, made.spec().module());
        assertEquals(List.of(made), DriverProject.all(ResourcesPlugin.getWorkspace().getRoot()));
    }

    @Test
    void goesWhereItIsSent() throws Exception {
        Path place = elsewhere.resolve("a place with ü");
        DriverProject made = create(Optional.of(place));
        assertEquals(place.toRealPath(), made.directory().toRealPath());
        assertTrue(Files.exists(place.resolve("kmodscope.json")));
    }

    @Test
    void anExistingProjectIsInTheWay() throws Exception {
        create(Optional.empty());
        var refused = assertThrows(KmodscopeException.class, () -> create(Optional.empty()));
        assertEquals(Kind.USAGE, refused.kind());
    }

    @Test
    void filesInTheWayStay() throws Exception {
        Path mine = Files.writeString(elsewhere.resolve("mine.txt"), "keep");
        var refused = assertThrows(KmodscopeException.class, () -> create(Optional.of(elsewhere)));
        assertEquals(Kind.USAGE, refused.kind());
        assertEquals("keep", Files.readString(mine));
        assertFalse(project().exists());
    }

    @Test
    void aPlaceTheWorkspaceRefusesIsLeftEmpty() throws Exception {
        // A directory of the workspace's root belongs to the project of that name.
        Path place =
                ResourcesPlugin.getWorkspace().getRoot().getLocation().toPath().resolve("other");
        var refused = assertThrows(KmodscopeException.class, () -> create(Optional.of(place)));
        assertEquals(Kind.FAILED, refused.kind());
        assertFalse(Files.exists(place), "files were left behind");
        assertFalse(project().exists());
    }

    @Test
    void cancellingLeavesNothing() {
        Path place = elsewhere.resolve("cancelled");
        var monitor = new NullProgressMonitor();
        monitor.setCanceled(true);
        assertThrows(
                OperationCanceledException.class,
                () -> DriverProject.create(NAME, Optional.of(place), tree, monitor));
        assertFalse(Files.exists(place));
        assertFalse(project().exists());
    }

    @Test
    void aClosedProjectIsNone() throws Exception {
        DriverProject made = create(Optional.empty());
        made.project().close(null);
        assertEquals(Optional.empty(), DriverProject.of(made.project()));
    }

    @Test
    void buildProblemsAreMarkedAndReplaced() throws Exception {
        IProject project = create(Optional.empty()).project();
        String file = tree.paths().stream().filter(p -> p.endsWith(".c")).findFirst().orElseThrow();
        BuildMarkers.show(
                project,
                List.of(
                        new Diagnostic(file, 7, 3, Diagnostic.Severity.ERROR, "no such thing"),
                        new Diagnostic(file, 8, 1, Diagnostic.Severity.NOTE, "because"),
                        new Diagnostic("", 0, 0, Diagnostic.Severity.WARNING, "modpost says no")),
                new NullProgressMonitor());
        IMarker[] inFile =
                project.getFile(file).findMarkers(BuildMarkers.TYPE, true, IResource.DEPTH_ZERO);
        assertEquals(1, inFile.length);
        assertEquals(7, inFile[0].getAttribute(IMarker.LINE_NUMBER));
        assertEquals("no such thing", inFile[0].getAttribute(IMarker.MESSAGE));
        assertEquals(1, project.findMarkers(BuildMarkers.TYPE, true, IResource.DEPTH_ZERO).length);
        BuildMarkers.show(project, List.of(), new NullProgressMonitor());
        assertEquals(
                0, project.findMarkers(BuildMarkers.TYPE, true, IResource.DEPTH_INFINITE).length);
    }
}
