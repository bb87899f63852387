/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.help;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The part of Markdown that kmodscope's own texts are written in: headings, paragraphs and items of
 * one line each, tables, fenced code.
 */
final class Markdown {

    private static final Pattern HEADING = Pattern.compile("(#{1,3}) (.*)");
    private static final Pattern ITEM = Pattern.compile("(-|\\d+\\.) (.*)");
    private static final Pattern TABLE_RULE = Pattern.compile("\\|[ :|-]+\\|");
    private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");
    private static final String FENCE = "```";

    private Markdown() {}

    /** A part of a text: its heading of the second level, and what follows. */
    record Section(String title, List<Block> blocks) {}

    /** The text by its headings of the second level; what stands before the first has its title. */
    static List<Section> sections(String source) {
        var result = new ArrayList<Section>();
        String title = "";
        var blocks = new ArrayList<Block>();
        for (Block block : parse(source)) {
            if (block instanceof Block.Heading heading && heading.level() < 3) {
                if (!blocks.isEmpty()) {
                    result.add(new Section(title, List.copyOf(blocks)));
                    blocks.clear();
                }
                title = heading.text();
            } else {
                blocks.add(block);
            }
        }
        result.add(new Section(title, List.copyOf(blocks)));
        return result;
    }

    /** Reads a text. */
    static List<Block> parse(String source) {
        var result = new ArrayList<Block>();
        var table = new ArrayList<List<Marked>>();
        for (Iterator<String> lines = source.lines().iterator(); lines.hasNext(); ) {
            String line = lines.next();
            if (line.startsWith("|")) {
                if (!TABLE_RULE.matcher(line).matches()) {
                    table.add(cells(line));
                }
                continue;
            }
            if (!table.isEmpty()) {
                result.add(new Block.Table(List.copyOf(table)));
                table.clear();
            }
            if (line.startsWith(FENCE)) {
                result.add(code(lines));
            } else if (!line.isBlank()) {
                result.add(text(line));
            }
        }
        if (!table.isEmpty()) {
            result.add(new Block.Table(List.copyOf(table)));
        }
        return result;
    }

    private static Block text(String line) {
        Matcher heading = HEADING.matcher(line);
        if (heading.matches()) {
            return new Block.Heading(heading.group(1).length(), heading.group(2));
        }
        Matcher item = ITEM.matcher(line);
        return item.matches()
                ? new Block.Item(
                        item.group(1).equals("-") ? "•" : item.group(1),
                        Marked.parse(item.group(2)))
                : new Block.Paragraph(Marked.parse(line));
    }

    private static Block code(Iterator<String> lines) {
        var text = new ArrayList<String>();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith(FENCE)) {
                break;
            }
            text.add(line);
        }
        return new Block.Code(String.join("\n", text));
    }

    private static List<Marked> cells(String line) {
        String inner = line.strip();
        return Stream.of(CELL_END.split(inner.substring(1, inner.length() - 1), -1))
                .map(cell -> Marked.parse(cell.strip().replace("\\|", "|")))
                .toList();
    }
}
