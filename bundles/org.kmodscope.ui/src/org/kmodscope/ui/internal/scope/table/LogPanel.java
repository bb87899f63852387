/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.table;

import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyleRange;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** The kernel log of the target, latest line at the bottom; warnings stand out. */
public final class LogPanel {

    private final ScopeStyle style;
    private final StyledText text;
    private long lastSequence = -1;
    private String tail = "";

    public LogPanel(Composite parent, ScopeStyle style) {
        this.style = style;
        text = new StyledText(parent, SWT.READ_ONLY | SWT.MULTI | SWT.V_SCROLL | SWT.H_SCROLL);
        text.setFont(style.fonts().label());
        text.setMargins(12, 4, 8, 4);
        text.setAlwaysShowScrollBars(false);
    }

    public Control control() {
        return text;
    }

    /** What is shown. */
    public String shown() {
        return text.getText();
    }

    /**
     * Takes over the log.
     *
     * @param lines oldest first
     * @param end the end of the console of a target that is gone; empty otherwise
     */
    public void show(List<KernelLogLine> lines, String end) {
        boolean restarted = !lines.isEmpty() && lines.getLast().sequence() < lastSequence;
        boolean otherEnd = !end.equals(tail);
        if (restarted || lines.isEmpty() || otherEnd) {
            text.setText("");
            lastSequence = -1;
        }
        StringBuilder fresh = new StringBuilder();
        List<StyleRange> marks = new java.util.ArrayList<>();
        int start = text.getCharCount();
        for (KernelLogLine line : lines) {
            if (line.sequence() > lastSequence) {
                int from = start + fresh.length();
                fresh.append(Quantity.moment(line.timeNanos()))
                        .append("  ")
                        .append(line.text())
                        .append('\n');
                if (line.level() <= 4) {
                    StyleRange mark = new StyleRange();
                    mark.start = from;
                    mark.length = start + fresh.length() - from;
                    mark.fontStyle = SWT.BOLD;
                    mark.foreground = style.color(ScopeColor.INK);
                    marks.add(mark);
                }
                lastSequence = line.sequence();
            }
        }
        if (!end.isEmpty() && otherEnd) {
            fresh.append("\nThe console's last words\n").append(end).append('\n');
        }
        tail = end;
        if (!fresh.isEmpty()) {
            text.append(fresh.toString());
            marks.forEach(text::setStyleRange);
            text.setTopIndex(text.getLineCount() - 1);
        }
    }
}
