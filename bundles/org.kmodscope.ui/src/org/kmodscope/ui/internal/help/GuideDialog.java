/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.help;

import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.Dialog;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.ide.DriverTools;

/**
 * The guide that comes with the templates, by its sections: when a driver needs asynchronous I/O,
 * what the older interfaces were and what takes their place. It does not block its parent, so that
 * a wizard can be filled in beside it.
 */
public final class GuideDialog extends Dialog {

    private List<Markdown.Section> sections = List.of();
    private @Nullable Parts parts;

    private record Parts(org.eclipse.swt.widgets.List titles, ScrolledComposite scroller) {}

    /**
     * @param parent the window it stands before
     */
    public GuideDialog(Shell parent) {
        super(parent);
        setShellStyle(SWT.CLOSE | SWT.RESIZE | SWT.TITLE | SWT.MODELESS);
        setBlockOnOpen(false);
    }

    @Override
    protected void configureShell(@Nullable Shell shell) {
        super.configureShell(shell);
        if (shell != null) {
            shell.setText("Asynchronous drivers: what to choose, and what became of the old ways");
        }
    }

    @Override
    protected boolean isResizable() {
        return true;
    }

    @Override
    protected Point getInitialSize() {
        return new Point(1240, 720);
    }

    @Override
    protected Control createDialogArea(@Nullable Composite parent) {
        Composite area = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().margins(8, 8).applyTo(area);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(area);
        SashForm halves = new SashForm(area, SWT.HORIZONTAL | SWT.SMOOTH);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(halves);
        var titles =
                new org.eclipse.swt.widgets.List(halves, SWT.BORDER | SWT.SINGLE | SWT.V_SCROLL);
        ScrolledComposite scroller = new ScrolledComposite(halves, SWT.BORDER | SWT.V_SCROLL);
        halves.setWeights(26, 74);
        halves.setSashWidth(8);
        scroller.setExpandHorizontal(true);
        scroller.setExpandVertical(true);
        scroller.setShowFocusedControl(true);
        Parts made = new Parts(titles, scroller);
        parts = made;
        titles.addListener(SWT.Selection, e -> show(made, titles.getSelectionIndex()));
        scroller.addListener(SWT.Resize, e -> fit(scroller));
        read(area.getDisplay(), area);
        return area;
    }

    /** The guide is a file, so a job reads it. */
    private void read(Display display, Control owner) {
        Job job =
                Job.create(
                        "Read the guide",
                        (ICoreRunnable)
                                monitor -> {
                                    List<Markdown.Section> all = Markdown.sections(text());
                                    display.asyncExec(
                                            () -> {
                                                if (!owner.isDisposed()) {
                                                    begin(all);
                                                }
                                            });
                                });
        job.setSystem(true);
        job.schedule();
    }

    /** The guide, or what is wrong with it, which is read in the same place. */
    private static String text() {
        try {
            return DriverTools.installed().templates().guide();
        } catch (KmodscopeException damaged) {
            return "## The guide cannot be read\n" + damaged.getMessage();
        }
    }

    private void begin(List<Markdown.Section> all) {
        sections = all;
        Parts shown = parts;
        if (shown != null) {
            shown.titles()
                    .setItems(all.stream().map(Markdown.Section::title).toArray(String[]::new));
            int first = all.size() > 1 ? 1 : 0;
            shown.titles().select(first);
            show(shown, first);
        }
    }

    private void show(Parts shown, int index) {
        if (index < 0 || index >= sections.size()) {
            return;
        }
        ScrolledComposite scroller = shown.scroller();
        scroller.setRedraw(false);
        Optional.ofNullable(scroller.getContent()).ifPresent(Control::dispose);
        Composite page = new Composite(scroller, SWT.NONE);
        Markdown.Section section = sections.get(index);
        GuideText text = new GuideText(page);
        text.add(List.of(new Block.Heading(2, section.title())));
        text.add(section.blocks());
        scroller.setContent(page);
        fit(scroller);
        scroller.setOrigin(0, 0);
        scroller.setRedraw(true);
    }

    private static void fit(ScrolledComposite scroller) {
        Optional.ofNullable(scroller.getContent())
                .ifPresent(
                        page -> {
                            int width = scroller.getClientArea().width;
                            scroller.setMinHeight(page.computeSize(width, SWT.DEFAULT).y);
                        });
    }

    @Override
    protected void createButtonsForButtonBar(@Nullable Composite parent) {
        createButton(parent, IDialogConstants.OK_ID, IDialogConstants.CLOSE_LABEL, true);
    }
}
