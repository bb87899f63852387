/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.preferences;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.preference.PreferencePage;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchPreferencePage;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.process.AsRoot;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.target.HelperSetup;

/**
 * Linux Drivers &gt; This Machine: the helper that loads drivers into this machine's own kernel.
 * What root is to run stands there before anything is asked.
 */
public final class HelperPage extends PreferencePage implements IWorkbenchPreferencePage {

    /** As plugin.xml names it. */
    public static final String ID = "org.kmodscope.ui.helper";

    private static final AsRoot TERMINAL = new AsRoot(List.of("sudo"));

    private @Nullable Parts parts;
    private Optional<Known> known = Optional.empty();
    private @Nullable Job job;

    private record Parts(Label state, Label does, Text commands, Button change) {}

    /** What was found. */
    private record Known(HelperSetup setup, HelperSetup.State state) {}

    /** Something that takes long. */
    @FunctionalInterface
    private interface Work {
        Known run(IProgressMonitor monitor) throws KmodscopeException, InterruptedException;
    }

    /** Made by the extension registry. */
    public HelperPage() {
        noDefaultAndApplyButton();
    }

    @Override
    public void init(@Nullable IWorkbench workbench) {}

    @Override
    protected Control createContents(@Nullable Composite parent) {
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().spacing(8, 12).applyTo(page);
        Label about = label(page);
        about.setText(
                "Labs need none of this. To run a driver in the kernel of this machine itself, a"
                        + " small helper loads it as root: only modules of your own projects, and"
                        + " it unloads only what you loaded with it. A fault in such a driver is a"
                        + " fault of this machine.");
        Label state = label(page);
        state.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DIALOG_FONT));
        state.setText("Looking for the helper…");
        Label does = label(page);
        Text commands =
                new Text(page, SWT.BORDER | SWT.MULTI | SWT.READ_ONLY | SWT.WRAP | SWT.V_SCROLL);
        commands.setFont(JFaceResources.getTextFont());
        GridDataFactory.fillDefaults().grab(true, false).hint(560, 120).applyTo(commands);
        Button change = new Button(page, SWT.PUSH);
        change.setText("&Install Helper");
        change.setEnabled(false);
        change.addListener(SWT.Selection, event -> known.ifPresent(this::change));
        GridDataFactory.swtDefaults().applyTo(change);
        Parts made = new Parts(state, does, commands, change);
        parts = made;
        look();
        return page;
    }

    private static Label label(Composite page) {
        Label label = new Label(page, SWT.WRAP);
        GridDataFactory.fillDefaults().grab(true, false).hint(480, -1).applyTo(label);
        return label;
    }

    private void look() {
        work(
                "Look for the helper",
                monitor -> {
                    HelperSetup setup =
                            new HelperSetup(
                                    DriverTools.installed().helper(),
                                    AsRoot.inDialogs(System.getenv()));
                    return new Known(setup, setup.look(monitor));
                });
    }

    /** Compiles, runs programs, asks the user: so a job does it, which ends with the page. */
    private void work(String name, Work work) {
        Display display = getShell().getDisplay();
        Job next =
                Job.createSystem(
                        name,
                        monitor -> {
                            try {
                                Known found = work.run(monitor);
                                display.asyncExec(() -> show(found));
                            } catch (KmodscopeException failure) {
                                display.asyncExec(() -> refuse(failure));
                            } catch (InterruptedException | OperationCanceledException over) {
                                return Status.CANCEL_STATUS;
                            }
                            return Status.OK_STATUS;
                        });
        job = next;
        next.schedule();
    }

    private void show(Known found) {
        Parts shown = parts;
        if (shown == null || shown.state().isDisposed()) {
            return;
        }
        HelperSetup.State state = found.state();
        setErrorMessage(null);
        shown.state()
                .setText(
                        state.installed()
                                ? "The helper is installed: " + state.place()
                                : "The helper is not installed: there is no " + state.place());
        shown.does().setText(does(found));
        shown.commands()
                .setText(
                        state.commands().stream()
                                .map(argv -> String.join(" ", TERMINAL.command(argv)))
                                .collect(Collectors.joining("\n")));
        shown.change().setText(state.installed() ? "&Remove Helper" : "&Install Helper");
        shown.change().setEnabled(found.setup().root().isPresent());
        known = Optional.of(found);
        shown.state().getParent().layout(true, true);
    }

    private static String does(Known found) {
        String what = found.state().installed() ? "Removing it" : "Installing it";
        Optional<AsRoot> root = found.setup().root();
        if (root.isEmpty()) {
            return "Nothing here can ask for root's password in a dialog (polkit does not run)."
                    + " Run this in a terminal, and open this page again:";
        }
        return root.get().by().isEmpty()
                ? "You are root, who needs no helper. " + what + " runs what stands below:"
                : what
                        + " runs what stands below as root; %s asks for a password, for each line:"
                                .formatted(root.get().by().getFirst());
    }

    private void change(Known found) {
        Parts shown = parts;
        if (shown != null) {
            shown.change().setEnabled(false);
        }
        work(
                "Change the helper",
                monitor -> new Known(found.setup(), found.setup().change(found.state(), monitor)));
    }

    private void refuse(KmodscopeException failure) {
        Parts shown = parts;
        if (shown != null && !shown.state().isDisposed()) {
            setErrorMessage(failure.getMessage() + "\n" + failure.remedy());
            shown.change().setEnabled(known.isPresent());
        }
    }

    @Override
    public void dispose() {
        Job running = job;
        if (running != null) {
            running.cancel();
        }
        super.dispose();
    }
}
