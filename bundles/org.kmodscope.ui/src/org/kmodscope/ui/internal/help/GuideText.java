/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.help;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyleRange;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ThemePalette;

/**
 * Blocks as read-only text that can be selected and copied. Code that follows code stands beside
 * it: the old form left, today's right.
 */
final class GuideText {

    private static final int KERNEL_TAB = 8;

    private final Composite page;
    private final ThemePalette theme;

    /**
     * @param page an empty composite; its layout is set
     */
    GuideText(Composite page) {
        this.page = page;
        theme = new ThemePalette(page, page::redraw);
        GridLayoutFactory.fillDefaults().margins(16, 16).spacing(0, 12).applyTo(page);
        page.setBackground(page.getDisplay().getSystemColor(SWT.COLOR_LIST_BACKGROUND));
    }

    /** Adds blocks below what is there. */
    void add(List<Block> blocks) {
        for (int i = 0; i < blocks.size(); i++) {
            switch (blocks.get(i)) {
                case Block.Heading heading -> heading(heading.text());
                case Block.Paragraph paragraph -> text(page, paragraph.text(), SWT.NONE);
                case Block.Item item -> item(item);
                case Block.Table table -> table(table);
                case Block.Code code -> {
                    var beside = new ArrayList<>(List.of(code.text()));
                    while (i + 1 < blocks.size() && blocks.get(i + 1) instanceof Block.Code next) {
                        beside.add(next.text());
                        i++;
                    }
                    code(beside);
                }
            }
        }
    }

    private void heading(String words) {
        Label label = new Label(page, SWT.WRAP);
        label.setText(words);
        label.setFont(bold());
        label.setBackground(page.getBackground());
        GridDataFactory.fillDefaults().grab(true, false).indent(0, 4).applyTo(label);
    }

    private void item(Block.Item item) {
        Composite line = row(2, false);
        Label mark = new Label(line, SWT.NONE);
        mark.setText(item.mark());
        mark.setBackground(line.getBackground());
        GridDataFactory.fillDefaults().align(SWT.END, SWT.BEGINNING).hint(20, -1).applyTo(mark);
        text(line, item.text(), SWT.NONE);
    }

    private void table(Block.Table table) {
        int columns = table.rows().getFirst().size();
        Composite grid = row(columns, true);
        for (int row = 0; row < table.rows().size(); row++) {
            for (Marked cell : table.rows().get(row)) {
                text(grid, cell, row == 0 ? SWT.BOLD : SWT.NONE);
            }
            Label rule = new Label(grid, SWT.SEPARATOR | SWT.HORIZONTAL);
            GridDataFactory.fillDefaults().grab(true, false).span(columns, 1).applyTo(rule);
        }
    }

    private void code(List<String> beside) {
        Composite line = row(beside.size(), true);
        for (String code : beside) {
            StyledText text = new StyledText(line, SWT.READ_ONLY | SWT.MULTI | SWT.H_SCROLL);
            text.setAlwaysShowScrollBars(false);
            text.setFont(JFaceResources.getTextFont());
            text.setTabs(KERNEL_TAB);
            text.setMargins(8, 8, 8, 8);
            text.setBackground(theme.palette().get(ScopeColor.GUTTER));
            text.setForeground(theme.palette().get(ScopeColor.INK));
            text.setText(code);
            GridDataFactory.fillDefaults().grab(true, false).hint(240, -1).applyTo(text);
        }
    }

    private Composite row(int columns, boolean equal) {
        Composite row = new Composite(page, SWT.NONE);
        row.setBackground(page.getBackground());
        GridLayoutFactory.fillDefaults()
                .numColumns(columns)
                .equalWidth(equal)
                .spacing(16, 4)
                .applyTo(row);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(row);
        return row;
    }

    private void text(Composite parent, Marked marked, int style) {
        StyledText text = new StyledText(parent, SWT.READ_ONLY | SWT.MULTI | SWT.WRAP);
        text.setBackground(page.getBackground());
        text.setCaret(null);
        if (style == SWT.BOLD) {
            text.setFont(bold());
        }
        text.setText(marked.text());
        for (Marked.Span span : marked.spans()) {
            StyleRange range = new StyleRange();
            range.start = span.start();
            range.length = span.length();
            if (span.code()) {
                range.font = JFaceResources.getTextFont();
            } else {
                range.fontStyle = SWT.BOLD;
            }
            text.setStyleRange(range);
        }
        GridDataFactory.fillDefaults().grab(true, false).hint(120, -1).applyTo(text);
    }

    private static Font bold() {
        return JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT);
    }
}
