/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.launch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;

/**
 * A labelled choice of values, each with its words. A chosen value stays when it is not offered, so
 * that what a configuration says can be seen, and survives what is read later.
 */
final class ValueCombo {

    private static final int CAPTION_WIDTH = 80;

    private final Combo combo;
    private Map<String, String> words = Map.of();
    private List<String> values = List.of();
    private String value = "";

    ValueCombo(Composite parent, String label) {
        caption(parent, label);
        combo = new Combo(parent, SWT.DROP_DOWN | SWT.READ_ONLY);
        GridDataFactory.fillDefaults().grab(true, false).hint(280, SWT.DEFAULT).applyTo(combo);
        combo.addListener(
                SWT.Selection,
                e -> {
                    if (combo.getSelectionIndex() >= 0) {
                        value = values.get(combo.getSelectionIndex());
                    }
                });
    }

    /** A label as wide as all of them, so that fields of several groups stand in one line. */
    static void caption(Composite parent, String text) {
        Label label = new Label(parent, SWT.NONE);
        label.setText(text);
        GridDataFactory.fillDefaults()
                .align(SWT.FILL, SWT.CENTER)
                .hint(CAPTION_WIDTH, SWT.DEFAULT)
                .applyTo(label);
    }

    /** Calls back after each choice of the user. */
    void onChoice(Runnable listener) {
        combo.addListener(SWT.Selection, e -> listener.run());
    }

    /** What is chosen; empty when nothing is. */
    String value() {
        return value;
    }

    /** Whether nothing is offered. */
    boolean isEmpty() {
        return words.isEmpty();
    }

    /** Chooses a value, offered or not. */
    void choose(String chosen) {
        value = chosen;
        offer(words);
    }

    /** Chooses what is offered when nothing is chosen and it is the only one. */
    void chooseOnly() {
        if (value.isEmpty() && words.size() == 1) {
            choose(words.keySet().iterator().next());
        }
    }

    /** Offers these as their own words. */
    void offer(List<String> items) {
        var same = new LinkedHashMap<String, String>();
        items.forEach(item -> same.put(item, item));
        offer(same);
    }

    /** Offers values with their words; the chosen one stays chosen. */
    void offer(Map<String, String> words) {
        this.words = words;
        var shown = new LinkedHashMap<>(words);
        if (!value.isEmpty()) {
            shown.putIfAbsent(value, value);
        }
        values = List.copyOf(shown.keySet());
        combo.setItems(shown.values().toArray(String[]::new));
        combo.select(values.indexOf(value));
    }
}
