/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.jdt.annotation.Nullable;
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
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.project.DriverDraft;

/** The page that describes the driver, beside a preview of exactly what Finish writes. */
final class DriverPage extends WizardPage {

    private final DriverDraft draft;
    private final Supplier<String> projectName;
    private final Map<DriverField, Text> texts = new EnumMap<>(DriverField.class);
    private @Nullable FeatureRows features;
    private @Nullable Preview preview;
    private boolean moduleTyped;
    private boolean filling;

    /**
     * @param projectName the name on the page before, which a module is called by until a name is
     *     typed
     */
    DriverPage(DriverDraft draft, Supplier<String> projectName) {
        super("driver", "Driver", null);
        this.draft = draft;
        this.projectName = projectName;
        setDescription("What the driver is called and what it can do.");
    }

    @Override
    public void createControl(@Nullable Composite parent) {
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).margins(16, 8).spacing(16, 8).applyTo(page);
        Composite left = new Composite(page, SWT.NONE);
        GridLayoutFactory.fillDefaults().spacing(8, 8).applyTo(left);
        GridDataFactory.fillDefaults().grab(false, true).hint(630, SWT.DEFAULT).applyTo(left);
        createIdentity(left);
        createFeatures(left);
        Preview right = new Preview(page, this::refuse);
        GridDataFactory.fillDefaults().grab(true, true).hint(540, 440).applyTo(right);
        preview = right;
        setControl(page);
        fill();
        changed();
    }

    private void createIdentity(Composite left) {
        title(left, "Identity", "");
        Composite fields = new Composite(left, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(4).spacing(8, 4).applyTo(fields);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(fields);
        field(fields, DriverField.MODULE, "&Module", 1);
        field(fields, DriverField.DEVICE, "De&vice  /dev/", 1);
        field(fields, DriverField.AUTHOR, "&Author", 1);
        new Label(fields, SWT.NONE).setText("&Licence");
        Combo licence = new Combo(fields, SWT.READ_ONLY);
        licence.setItems(Arrays.stream(Licence.values()).map(Licence::spdx).toArray(String[]::new));
        licence.setText(draft.text(DriverField.LICENCE));
        licence.addListener(
                SWT.Selection,
                e -> {
                    draft.setText(DriverField.LICENCE, licence.getText());
                    changed();
                });
        GridDataFactory.fillDefaults().grab(true, false).applyTo(licence);
        field(fields, DriverField.DESCRIPTION, "&Description", 3);
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
                        draft.setText(field, text.getText());
                        fill();
                        changed();
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

    private void createFeatures(Composite left) {
        title(left, "Features", "each with what it brings");
        FeatureRows rows =
                new FeatureRows(
                        left,
                        offered(),
                        (feature, chosen) -> {
                            draft.choose(feature, chosen);
                            fill();
                            changed();
                        });
        GridDataFactory.fillDefaults().grab(true, false).applyTo(rows);
        features = rows;
    }

    private Set<Feature> offered() {
        try {
            var templates = DriverTools.installed().templates();
            return templates.features(templates.templates().getFirst());
        } catch (KmodscopeException failure) {
            refuse(Failures.status("Reading the templates", failure));
            return Set.of();
        }
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

    @Override
    public void setVisible(boolean visible) {
        if (visible) {
            followProject();
        }
        super.setVisible(visible);
        Optional.ofNullable(texts.get(DriverField.MODULE)).ifPresent(Text::setFocus);
    }

    /** Calls the module as the project is called, while nobody has named it and it may be. */
    void followProject() {
        String name = projectName.get();
        if (!moduleTyped && DriverField.MODULE.problem(name).isEmpty()) {
            draft.setText(DriverField.MODULE, name);
            if (getControl() != null) {
                fill();
                changed();
            }
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

    private void fill() {
        filling = true;
        try {
            texts.forEach(
                    (field, text) -> {
                        if (!text.getText().equals(draft.text(field))) {
                            text.setText(draft.text(field));
                        }
                    });
            FeatureRows rows = features;
            if (rows != null) {
                rows.show(draft.features());
            }
        } finally {
            filling = false;
        }
    }

    private void changed() {
        Optional<DriverDraft.Problem> problem = draft.problem();
        setErrorMessage(problem.isEmpty() ? null : problem.get().text());
        setPageComplete(problem.isEmpty());
        Preview shown = preview;
        if (shown != null && problem.isEmpty()) {
            try {
                shown.show(draft.spec());
            } catch (KmodscopeException failure) {
                refuse(Failures.status("Preview", failure));
            }
        }
    }
}
