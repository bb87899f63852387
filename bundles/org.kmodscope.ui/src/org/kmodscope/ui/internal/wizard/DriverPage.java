/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.IMessageProvider;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.DriverField;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.Licence;
import org.kmodscope.core.driver.TemplateOffer;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.project.DriverDraft;
import org.kmodscope.ide.project.DriverPlan;
import org.kmodscope.ui.internal.help.GuideDialog;

/** The page that describes the driver, beside a preview of exactly what Finish writes. */
final class DriverPage extends WizardPage {

    private static final String DESCRIPTION = "What the driver is called and what it can do.";

    private final Supplier<String> projectName;
    private final Map<DriverField, Text> texts = new EnumMap<>(DriverField.class);
    private Optional<DriverDraft> draft = Optional.empty();
    private List<TemplateOffer> offers = List.of();
    private @Nullable Widgets widgets;
    private @Nullable GuideDialog guide;
    private boolean moduleTyped;
    private boolean filling;

    private record Widgets(
            Composite page,
            Combo template,
            Combo licence,
            FeatureRows features,
            Extras extras,
            Preview preview) {}

    /**
     * @param projectName the name on the page before, which a module is called by until a name is
     *     typed
     */
    DriverPage(Supplier<String> projectName) {
        super("driver", "Driver", null);
        this.projectName = projectName;
        setDescription(DESCRIPTION);
        setPageComplete(false);
    }

    /** Begins with the first of these. Until then the page shows that it is not ready. */
    void begin(String author, List<TemplateOffer> templates) {
        offers = List.copyOf(templates);
        draft = Optional.of(new DriverDraft(author, offers.getFirst()));
        Widgets made = widgets;
        if (made != null) {
            ready(made);
        }
    }

    @Override
    public void createControl(@Nullable Composite parent) {
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).margins(16, 8).spacing(16, 8).applyTo(page);
        Composite left = new Composite(page, SWT.NONE);
        GridLayoutFactory.fillDefaults().spacing(8, 4).applyTo(left);
        GridDataFactory.fillDefaults().grab(true, true).hint(656, SWT.DEFAULT).applyTo(left);
        Composite fields = identity(left);
        Combo template = combo(fields, "&Template", 3);
        template.addListener(SWT.Selection, e -> templateChosen(template.getSelectionIndex()));
        field(fields, DriverField.MODULE, "&Module", 1);
        field(fields, DriverField.DEVICE, "De&vice  /dev/", 1);
        field(fields, DriverField.AUTHOR, "&Author", 1);
        Combo licence = combo(fields, "&Licence", 1);
        licence.setItems(Stream.of(Licence.values()).map(Licence::spdx).toArray(String[]::new));
        licence.addListener(SWT.Selection, e -> typed(DriverField.LICENCE, licence.getText()));
        field(fields, DriverField.DESCRIPTION, "&Description", 3);
        title(left, "Features", "each with what it brings; F1 explains them");
        FeatureRows features = new FeatureRows(left, this::featureChosen);
        GridDataFactory.fillDefaults().grab(true, true).hint(400, 312).applyTo(features.control());
        Composite right = new Composite(page, SWT.NONE);
        GridLayoutFactory.fillDefaults().spacing(8, 8).applyTo(right);
        GridDataFactory.fillDefaults().grab(true, true).hint(560, 440).applyTo(right);
        Preview preview = new Preview(right, this::refuse);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(preview);
        Extras extras = new Extras(right, this::typed, this::changed);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(extras);
        Widgets made = new Widgets(page, template, licence, features, extras, preview);
        widgets = made;
        page.addHelpListener(e -> performHelp());
        setControl(page);
        page.setEnabled(false);
        ready(made);
    }

    private void ready(Widgets made) {
        if (draft.isPresent()) {
            made.template()
                    .setItems(
                            offers.stream()
                                    .map(one -> one.name() + " – " + one.description())
                                    .toArray(String[]::new));
            made.page().setEnabled(true);
            followProject();
            changed();
        }
    }

    private Composite identity(Composite left) {
        title(left, "Identity", "");
        Composite fields = new Composite(left, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(4).spacing(8, 4).applyTo(fields);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(fields);
        return fields;
    }

    private static Combo combo(Composite parent, String label, int span) {
        new Label(parent, SWT.NONE).setText(label);
        Combo combo = new Combo(parent, SWT.READ_ONLY);
        GridDataFactory.fillDefaults().grab(true, false).span(span, 1).applyTo(combo);
        return combo;
    }

    private void field(Composite parent, DriverField field, String label, int span) {
        new Label(parent, SWT.NONE).setText(label);
        Text text = new Text(parent, SWT.BORDER);
        text.setToolTipText(field.rule());
        text.addListener(
                SWT.Modify,
                e -> {
                    if (!filling) {
                        moduleTyped |= field == DriverField.MODULE;
                        typed(field, text.getText());
                    }
                });
        GridDataFactory.fillDefaults()
                .align(SWT.FILL, SWT.CENTER)
                .grab(true, false)
                .hint(120, SWT.DEFAULT)
                .span(span, 1)
                .applyTo(text);
        texts.put(field, text);
    }

    private static void title(Composite parent, String text, String hint) {
        Composite line = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).spacing(8, 0).applyTo(line);
        Label title = new Label(line, SWT.NONE);
        title.setText(text);
        title.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        Label rest = new Label(line, SWT.NONE);
        rest.setText(hint);
        rest.setForeground(line.getDisplay().getSystemColor(SWT.COLOR_WIDGET_DISABLED_FOREGROUND));
    }

    private void typed(DriverField field, String text) {
        if (!filling && draft.isPresent()) {
            draft.get().setText(field, text);
            changed();
        }
    }

    private void templateChosen(int index) {
        if (draft.isPresent() && index >= 0) {
            draft.get().setTemplate(offers.get(index));
            setMessage(DESCRIPTION);
            changed();
        }
    }

    private void featureChosen(Feature feature, boolean chosen) {
        if (draft.isPresent() && draft.get().features().has(feature) != chosen) {
            DriverDraft.Change change = draft.get().choose(feature, chosen);
            tell(feature, chosen, change);
            changed();
        }
    }

    /** Says what a choice did beside what was clicked. */
    private void tell(Feature feature, boolean chosen, DriverDraft.Change change) {
        if (change.brought().isEmpty() && change.took().isEmpty()) {
            setMessage(DESCRIPTION);
            return;
        }
        String cause = (chosen ? "" : "Without ") + name(feature);
        String brought = change.brought().isEmpty() ? "" : " comes " + names(change.brought());
        String took = change.took().isEmpty() ? "" : " there is no " + names(change.took());
        setMessage(
                (chosen ? "With " : "")
                        + cause
                        + brought
                        + (brought.isEmpty() || took.isEmpty() ? "" : ", and")
                        + took
                        + ".",
                IMessageProvider.INFORMATION);
    }

    private static String names(Collection<Feature> features) {
        return features.stream().map(DriverPage::name).collect(Collectors.joining(", "));
    }

    private static String name(Feature feature) {
        return Set.of(Feature.AIO_QUEUED, Feature.AIO_DEFERRED).contains(feature)
                ? feature.title() + " AIO"
                : feature.title();
    }

    @Override
    public void setVisible(boolean visible) {
        if (visible) {
            followProject();
        }
        super.setVisible(visible);
        Optional.ofNullable(texts.get(DriverField.MODULE)).ifPresent(Text::setFocus);
    }

    /** Calls the module as the project is called, while nobody has named it and it may be. */
    private void followProject() {
        String name = projectName.get();
        if (!moduleTyped && DriverField.MODULE.problem(name).isEmpty()) {
            typed(DriverField.MODULE, name);
        }
    }

    @Override
    public void performHelp() {
        GuideDialog open = guide;
        if (open == null || open.getShell() == null) {
            open = new GuideDialog(getShell());
            guide = open;
        }
        open.open();
    }

    /** What Finish makes; empty while there is a problem, which the page then tells. */
    Optional<DriverPlan> plan() {
        followProject();
        try {
            return draft.isEmpty() || draft.get().problem().isPresent()
                    ? Optional.empty()
                    : Optional.of(draft.get().plan());
        } catch (KmodscopeException failure) {
            refuse(Failures.status("New driver", failure));
            return Optional.empty();
        }
    }

    /** Says why Finish did not do it; what was typed stays. */
    void refuse(IStatus status) {
        var advice = status.getChildren();
        setErrorMessage(
                advice.length == 0
                        ? status.getMessage()
                        : status.getMessage() + " " + advice[0].getMessage());
    }

    private void fill(DriverDraft now, Widgets made) {
        filling = true;
        try {
            texts.forEach(
                    (field, text) -> {
                        if (!text.getText().equals(now.text(field))) {
                            text.setText(now.text(field));
                        }
                    });
            made.template().select(offers.indexOf(now.template()));
            made.licence().setText(now.text(DriverField.LICENCE));
            made.features().show(now.template(), now.features());
            made.extras().show(now);
        } finally {
            filling = false;
        }
    }

    /** The draft has changed: everything follows. */
    private void changed() {
        Widgets made = widgets;
        if (draft.isEmpty() || made == null) {
            return;
        }
        fill(draft.get(), made);
        Optional<DriverDraft.Problem> problem = draft.get().problem();
        setErrorMessage(problem.isEmpty() ? null : problem.get().text());
        setPageComplete(problem.isEmpty());
        if (problem.isEmpty()) {
            try {
                made.preview().show(draft.get().plan());
            } catch (KmodscopeException failure) {
                refuse(Failures.status("Preview", failure));
            }
        }
    }
}
