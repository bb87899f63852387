/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.Platform;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.ILaunchConfigurationTab;
import org.eclipse.debug.ui.ILaunchConfigurationTabGroup;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.project.DriverDraft;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.target.TargetOption;
import org.kmodscope.ide.tests.NothingLogged;

/** Run Configurations &gt; Async Driver Probe, tab Main, as the debug platform makes it. */
@ExtendWith(NothingLogged.class)
class ProbeTabTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Shell shell = new Shell(Display.getCurrent(), SWT.SHELL_TRIM);
    private final ILaunchConfigurationTabGroup group = group();
    private final ILaunchConfigurationTab tab = group.getTabs()[0];
    private final ILaunchConfigurationWorkingCopy configuration = configuration();

    private static ILaunchConfigurationTabGroup group() {
        var declared =
                Stream.of(
                                Platform.getExtensionRegistry()
                                        .getConfigurationElementsFor(
                                                "org.eclipse.debug.ui",
                                                "launchConfigurationTabGroups"))
                        .filter(one -> ProbeLaunch.TYPE.equals(one.getAttribute("type")))
                        .findFirst()
                        .orElseThrow();
        try {
            var made = (ILaunchConfigurationTabGroup) declared.createExecutableExtension("class");
            made.createTabs(null, ILaunchManager.RUN_MODE);
            return made;
        } catch (CoreException e) {
            throw new AssertionError(e);
        }
    }

    private static ILaunchConfigurationWorkingCopy configuration() {
        try {
            return DebugPlugin.getDefault()
                    .getLaunchManager()
                    .getLaunchConfigurationType(ProbeLaunch.TYPE)
                    .newInstance(null, "tab under test");
        } catch (CoreException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void clear() throws Exception {
        for (IProject project : ResourcesPlugin.getWorkspace().getRoot().getProjects()) {
            project.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
        }
        shell.setLayout(new FillLayout());
        shell.setSize(640, 480);
        tab.createControl(shell);
        shell.open();
    }

    @AfterEach
    void close() {
        shell.dispose();
        group.dispose();
    }

    private static void create(String template, String name) throws Exception {
        var templates = DriverTools.installed().templates();
        var offer =
                templates.offers().stream().filter(one -> one.name().equals(template)).findFirst();
        var draft = new DriverDraft("Ann Author", offer.orElseThrow());
        DriverProject.create(
                name, Optional.empty(), draft.plan().render(templates), new NullProgressMonitor());
    }

    private Combo combo(int index) {
        return Screen.find(shell, Combo.class, one -> true).skip(index).findFirst().orElseThrow();
    }

    private Combo projects() {
        return combo(0);
    }

    private Combo targets() {
        return combo(1);
    }

    private Text arguments() {
        return Screen.find(shell, Text.class, one -> one.getMessage().startsWith("such as --count"))
                .findFirst()
                .orElseThrow();
    }

    private Combo probes() {
        return combo(2);
    }

    private static void choose(Combo combo, String start) {
        for (int i = 0; i < combo.getItemCount(); i++) {
            if (combo.getItem(i).startsWith(start)) {
                combo.select(i);
                combo.notifyListeners(SWT.Selection, null);
                return;
            }
        }
        throw new AssertionError(start + " is not in " + List.of(combo.getItems()));
    }

    private void show(ProbeLaunch launch) {
        launch.write(configuration);
        tab.initializeFrom(configuration);
    }

    private void awaitLists() throws Exception {
        Screen.await("targets", LIMIT, () -> targets().getItemCount() > 1);
    }

    private String problem() {
        tab.isValid(configuration);
        return String.valueOf(tab.getErrorMessage());
    }

    @Test
    void saysThatThereIsNoProject() throws Exception {
        show(ProbeLaunch.of(""));
        assertFalse(tab.isValid(configuration));
        assertTrue(problem().startsWith("There is no driver project yet"), problem());
        awaitLists();
        Screen.picture(shell, "launch-tab-no-project");
    }

    @Test
    void leadsFromProjectToProbe() throws Exception {
        create("globalfifo", "fifo");
        create("sampler", "meter");
        show(new ProbeLaunch("", "debian-6.1", "", ""));
        awaitLists();
        assertEquals("Choose a driver project.", problem());
        choose(projects(), "meter");
        Screen.await("the probes", LIMIT, () -> probes().getItemCount() > 0);
        assertEquals("Choose a probe.", problem());
        Text arguments = arguments();
        arguments.setText("--count 3");
        choose(probes(), "All probes");
        assertFalse(arguments.isEnabled(), "arguments are for one probe");
        tab.performApply(configuration);
        assertEquals(
                new ProbeLaunch("meter", "debian-6.1", ProbeLaunch.ALL_PROBES, ""),
                ProbeLaunch.read(configuration));
        arguments.setText("");
        choose(probes(), "sampler");
        assertEquals("null", problem());
        assertTrue(tab.isValid(configuration));
        tab.performApply(configuration);
        assertEquals(
                new ProbeLaunch("meter", "debian-6.1", "sampler", ""),
                ProbeLaunch.read(configuration));
        choose(combo(3), "Recorded by: JNA bridge");
        tab.performApply(configuration);
        assertEquals(Optional.of(ScopeSource.BRIDGE), ProbeLaunch.read(configuration).listener());
        Screen.picture(shell, "launch-tab");
    }

    @Test
    void keepsWhatWasChosenThoughItIsNotThere() throws Exception {
        create("sampler", "meter");
        ProbeLaunch old = new ProbeLaunch("meter", "debian-4.9", "gone", "--count 3");
        show(old);
        awaitLists();
        Screen.await("the probes", LIMIT, () -> probes().getItemCount() > 2);
        tab.performApply(configuration);
        assertEquals(old, ProbeLaunch.read(configuration));
        show(new ProbeLaunch("elsewhere", "debian-6.1", "sigio", ""));
        assertEquals("elsewhere is not an open project of a driver.", problem());
    }

    @Test
    void offersAllTargetsButRecordings() throws Exception {
        show(ProbeLaunch.of(""));
        awaitLists();
        assertEquals(
                TargetOption.list(DriverTools.installed()).stream()
                        .map(TargetOption::title)
                        .toList(),
                List.of(targets().getItems()));
    }

    @Test
    void aSessionThatIsRecordedNeedsAWholePath() throws Exception {
        create("sampler", "meter");
        show(new ProbeLaunch("meter", "local", "sampler", "", "here.recording", Optional.empty()));
        assertEquals("The file to record in needs an absolute path.", problem());
        ProbeLaunch right =
                new ProbeLaunch(
                        "meter", "local", "sampler", "", "/tmp/a.recording", Optional.empty());
        show(right);
        awaitLists();
        assertEquals("null", problem());
        tab.performApply(configuration);
        assertEquals(right, ProbeLaunch.read(configuration));
        Screen.picture(shell, "launch-tab-local");
    }

    @Test
    void closedWhileItReadsItIsLeftInPeace() throws Exception {
        create("globalfifo", "fifo");
        show(ProbeLaunch.of("fifo"));
        Text arguments = arguments();
        shell.dispose();
        assertTrue(arguments.isDisposed());
        // What the jobs hand over comes now; NothingLogged sees what would go wrong.
        Screen.settle();
    }
}
