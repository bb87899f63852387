/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.launch;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.ui.AbstractLaunchConfigurationTab;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.resource.LocalResourceManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Group;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Link;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.plugin.AbstractUIPlugin;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.target.TargetName;
import org.kmodscope.ide.target.TargetOption;
import org.kmodscope.ui.internal.target.TargetChooser;

/** Which driver, on which target, by which probe. What is on disk is read by jobs. */
final class ProbeTab extends AbstractLaunchConfigurationTab {

    private static final String NOBODY = "NOBODY";

    private @Nullable Fields fields;
    private @Nullable Image image;
    private Optional<String> unreadable = Optional.empty();

    private record Fields(
            ValueCombo project,
            ValueCombo target,
            Text recording,
            ValueCombo probe,
            Text arguments,
            ValueCombo listener) {}

    @Override
    public void createControl(@Nullable Composite parent) {
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().margins(8, 8).spacing(8, 8).applyTo(page);
        ValueCombo project = new ValueCombo(group(page, "Driver"), "&Project:");
        Group where = group(page, "Target");
        ValueCombo target = new ValueCombo(where, "&Runs on:");
        new Label(where, SWT.NONE);
        links(where, target);
        ValueCombo.caption(where, "Re&cord in:");
        Text recording = recording(where);
        Group what = group(page, "Probe");
        ValueCombo probe = new ValueCombo(what, "Pro&be:");
        ValueCombo.caption(what, "&Arguments:");
        Text arguments = new Text(what, SWT.BORDER);
        arguments.setMessage("such as --count 1000; the device and features are given already");
        GridDataFactory.fillDefaults().grab(true, false).applyTo(arguments);
        ValueCombo listener = new ValueCombo(what, "&Events:");
        listener.offer(listeners());
        Label honest = new Label(what, SWT.WRAP);
        honest.setText(
                "For Async Scope, by a second open of the device, which receives its signals and"
                        + " reads nothing. Rules about who has the device open may see it.");
        GridDataFactory.fillDefaults()
                .span(2, 1)
                .grab(true, false)
                .hint(400, SWT.DEFAULT)
                .applyTo(honest);
        listener.onChoice(this::updateLaunchConfigurationDialog);
        Fields made = new Fields(project, target, recording, probe, arguments, listener);
        project.onChoice(() -> listProbes(made));
        project.onChoice(this::updateLaunchConfigurationDialog);
        target.onChoice(this::updateLaunchConfigurationDialog);
        probe.onChoice(
                () -> {
                    enableArguments(made);
                    updateLaunchConfigurationDialog();
                });
        recording.addListener(SWT.Modify, e -> updateLaunchConfigurationDialog());
        arguments.addListener(SWT.Modify, e -> updateLaunchConfigurationDialog());
        fields = made;
        image =
                new LocalResourceManager(JFaceResources.getResources(), page)
                        .get(
                                AbstractUIPlugin.imageDescriptorFromPlugin(
                                        "org.kmodscope.ui", "icons/probe.svg"));
        setControl(page);
    }

    /** What is no item of a list: a file, and a page where boards are described. */
    private void links(Composite parent, ValueCombo target) {
        Link links = new Link(parent, SWT.NONE);
        links.setText(
                "<a href=\"replay\">Replay a recording…</a>   <a href=\"boards\">Boards…</a>");
        links.addListener(
                SWT.Selection,
                event -> {
                    if ("boards".equals(event.text)) {
                        new TargetChooser(getShell()).boards();
                        offerTargets();
                    } else {
                        new TargetChooser(getShell())
                                .replay()
                                .ifPresent(
                                        recorded -> {
                                            target.choose(TargetName.of(recorded));
                                            updateLaunchConfigurationDialog();
                                        });
                    }
                });
    }

    private Text recording(Composite parent) {
        Composite row = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).spacing(4, 4).applyTo(row);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(row);
        Text file = new Text(row, SWT.BORDER);
        file.setMessage("a file; each run replaces it; without one nothing is recorded");
        GridDataFactory.fillDefaults().align(SWT.FILL, SWT.CENTER).grab(true, false).applyTo(file);
        Button browse = new Button(row, SWT.PUSH);
        browse.setText("Bro&wse…");
        browse.addListener(
                SWT.Selection,
                event ->
                        new TargetChooser(getShell())
                                .record()
                                .ifPresent(chosen -> file.setText(chosen.toString())));
        return file;
    }

    private void offerTargets() {
        Fields shown = fields;
        if (shown != null) {
            read("List targets", shown, ProbeTab::targets, shown.target()::offer);
        }
    }

    private static Map<String, String> targets(DriverTools tools) throws KmodscopeException {
        var words = new LinkedHashMap<String, String>();
        for (TargetOption option : TargetOption.list(tools)) {
            words.put(TargetName.of(option.spec()), option.title());
        }
        return words;
    }

    private static Group group(Composite page, String title) {
        Group group = new Group(page, SWT.NONE);
        group.setText(title);
        GridLayoutFactory.fillDefaults().numColumns(2).margins(8, 8).spacing(8, 8).applyTo(group);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(group);
        return group;
    }

    @Override
    public void setDefaults(@Nullable ILaunchConfigurationWorkingCopy configuration) {
        if (configuration != null) {
            var selected = DebugUITools.getSelectedResource();
            String project =
                    Optional.ofNullable(selected)
                            .flatMap(DriverProject::of)
                            .map(one -> one.project().getName())
                            .orElse("");
            ProbeLaunch launch = ProbeLaunch.of(project);
            launch.write(configuration);
            if (!project.isEmpty()) {
                configuration.rename(
                        DebugPlugin.getDefault()
                                .getLaunchManager()
                                .generateLaunchConfigurationName(project + " " + launch.title()));
            }
        }
    }

    @Override
    public void initializeFrom(@Nullable ILaunchConfiguration configuration) {
        Fields shown = fields;
        if (shown == null || configuration == null) {
            return;
        }
        try {
            ProbeLaunch launch = ProbeLaunch.read(configuration);
            shown.project().choose(launch.project());
            shown.project()
                    .offer(
                            DriverProject.all(ResourcesPlugin.getWorkspace().getRoot()).stream()
                                    .map(project -> project.project().getName())
                                    .toList());
            shown.project().chooseOnly();
            shown.target().choose(launch.target());
            shown.recording().setText(launch.recording());
            shown.probe().choose(launch.probe());
            shown.arguments().setText(launch.arguments());
            shown.listener().choose(launch.listener().map(Enum::name).orElse(NOBODY));
            enableArguments(shown);
            offerTargets();
            listProbes(shown);
        } catch (CoreException failed) {
            setErrorMessage(failed.getStatus().getMessage());
        }
    }

    /** Something that is read from disk, as values with their words. */
    private interface Source {
        Map<String, String> read(DriverTools tools) throws KmodscopeException;
    }

    private void read(
            String name, Fields shown, Source source, Consumer<Map<String, String>> then) {
        Display display = Display.getCurrent();
        Job job =
                Job.create(
                        name,
                        (ICoreRunnable)
                                monitor -> {
                                    Runnable update = outcome(name, source, then);
                                    display.asyncExec(
                                            () -> {
                                                if (!shown.arguments().isDisposed()) {
                                                    update.run();
                                                    updateLaunchConfigurationDialog();
                                                }
                                            });
                                });
        job.setSystem(true);
        job.schedule();
    }

    private Runnable outcome(String name, Source source, Consumer<Map<String, String>> then) {
        try {
            Map<String, String> values = source.read(DriverTools.installed());
            return () -> then.accept(values);
        } catch (KmodscopeException failure) {
            String message = Failures.status(name, failure).getMessage();
            return () -> unreadable = Optional.of(message);
        }
    }

    private void listProbes(Fields shown) {
        String project = shown.project().value();
        Optional<Path> directory =
                DriverProject.all(ResourcesPlugin.getWorkspace().getRoot()).stream()
                        .filter(one -> one.project().getName().equals(project))
                        .map(DriverProject::directory)
                        .findFirst();
        unreadable = Optional.empty();
        if (directory.isEmpty()) {
            shown.probe().offer(Map.of());
            return;
        }
        read(
                "List probes",
                shown,
                tools -> probes(directory.get()),
                probes -> {
                    // Another project may have been chosen meanwhile; its list comes later.
                    if (shown.project().value().equals(project)) {
                        shown.probe().offer(probes);
                    }
                });
    }

    private static Map<String, String> probes(Path directory) throws KmodscopeException {
        var words = new LinkedHashMap<String, String>();
        words.put(ProbeLaunch.ALL_PROBES, "All probes, one after another");
        for (ProbeSpec probe : ProbeSpec.ofProject(directory)) {
            words.put(probe.name(), probe.name());
        }
        return words;
    }

    private static Map<String, String> listeners() {
        var words = new LinkedHashMap<String, String>();
        words.put(NOBODY, "Not recorded");
        for (ScopeSource source : ScopeSource.values()) {
            words.put(source.name(), "Recorded by: " + source.title());
        }
        return words;
    }

    /** Arguments are for one probe. */
    private static void enableArguments(Fields shown) {
        shown.arguments().setEnabled(!shown.probe().value().equals(ProbeLaunch.ALL_PROBES));
    }

    @Override
    public void performApply(@Nullable ILaunchConfigurationWorkingCopy configuration) {
        Fields shown = fields;
        if (shown != null && configuration != null) {
            new ProbeLaunch(
                            shown.project().value(),
                            shown.target().value(),
                            shown.probe().value(),
                            shown.arguments().isEnabled() ? shown.arguments().getText() : "",
                            shown.recording().getText().strip(),
                            ScopeSource.named(shown.listener().value()))
                    .write(configuration);
        }
    }

    @Override
    public boolean isValid(@Nullable ILaunchConfiguration configuration) {
        Fields shown = fields;
        if (shown == null) {
            return false;
        }
        Optional<String> problem = unreadable.or(() -> problem(shown));
        setErrorMessage(problem.isEmpty() ? null : problem.get());
        return problem.isEmpty();
    }

    private static Optional<String> problem(Fields shown) {
        String project = shown.project().value();
        if (project.isEmpty()) {
            return Optional.of(
                    shown.project().isEmpty()
                            ? "There is no driver project yet: File > New > Asynchronous Character"
                                    + " Driver makes one."
                            : "Choose a driver project.");
        }
        if (DriverProject.of(ResourcesPlugin.getWorkspace().getRoot().getProject(project))
                .isEmpty()) {
            return Optional.of(project + " is not an open project of a driver.");
        }
        if (shown.target().value().isEmpty()) {
            return Optional.of("Choose what it runs on.");
        }
        String recording = shown.recording().getText().strip();
        if (!recording.isEmpty() && !recording.startsWith("/")) {
            return Optional.of("The file to record in needs an absolute path.");
        }
        return shown.probe().value().isEmpty() ? Optional.of("Choose a probe.") : Optional.empty();
    }

    @Override
    public String getName() {
        return "Main";
    }

    @Override
    public @Nullable Image getImage() {
        return image;
    }
}
