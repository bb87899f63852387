/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CLabel;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.kmodscope.ide.results.ResultKind;

/** What a run came to: a sentence, how long and where, how many of each kind, and the bar. */
final class ResultHeader {

    private static final List<ResultKind> ORDER =
            List.of(
                    ResultKind.PASSED,
                    ResultKind.FAILED,
                    ResultKind.ERROR,
                    ResultKind.EXPECTED,
                    ResultKind.SKIPPED);

    private final Composite control;
    private final Label headline;
    private final Label facts;
    private final Composite tallies;
    private final Map<ResultKind, CLabel> tally = new EnumMap<>(ResultKind.class);
    private final ResultBar bar;

    ResultHeader(Composite parent, ResultIcons icons) {
        control = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults()
                .numColumns(3)
                .margins(8, 4)
                .spacing(12, 4)
                .applyTo(control);
        headline = new Label(control, SWT.NONE);
        headline.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        facts = new Label(control, SWT.NONE);
        GridDataFactory.fillDefaults().grab(true, false).align(SWT.FILL, SWT.CENTER).applyTo(facts);
        tallies = new Composite(control, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(ORDER.size()).spacing(8, 0).applyTo(tallies);
        for (ResultKind kind : ORDER) {
            CLabel label = new CLabel(tallies, SWT.NONE);
            label.setMargins(0, 0, 0, 0);
            label.setImage(icons.of(kind));
            GridDataFactory.fillDefaults().applyTo(label);
            tally.put(kind, label);
        }
        bar = new ResultBar(control);
        GridDataFactory.fillDefaults()
                .span(3, 1)
                .grab(true, false)
                .hint(SWT.DEFAULT, ResultBar.height())
                .applyTo(bar.control());
    }

    Composite control() {
        return control;
    }

    /** Shows them; without any results there are no tallies and no bar. */
    void show(String sentence, String where, List<ResultKind> kinds) {
        headline.setText(sentence);
        facts.setText(where);
        for (ResultKind kind : ORDER) {
            long count = kinds.stream().filter(one -> one == kind).count();
            CLabel label = tally.get(kind);
            if (label != null) {
                label.setText(count + " " + kind.word());
                include(label, count > 0);
            }
        }
        bar.show(kinds);
        include(bar.control(), !kinds.isEmpty());
        control.layout(true, true);
    }

    /** The sentence, for tests. */
    String headline() {
        return headline.getText();
    }

    private static void include(org.eclipse.swt.widgets.Control part, boolean included) {
        if (part.getLayoutData() instanceof GridData data) {
            data.exclude = !included;
        }
        part.setVisible(included);
    }
}
