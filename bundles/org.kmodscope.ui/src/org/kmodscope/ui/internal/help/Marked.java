/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.help;

import java.util.ArrayList;
import java.util.List;

/**
 * A text with stretches of code and of emphasis.
 *
 * @param text without the marks
 * @param spans in order, without overlap
 */
record Marked(String text, List<Span> spans) {

    /** A stretch of characters that looks different. */
    record Span(int start, int length, boolean code) {}

    Marked {
        spans = List.copyOf(spans);
    }

    /** Reads {@code `code`} and {@code **emphasis**}; a mark without its end stands for itself. */
    static Marked parse(String source) {
        var text = new StringBuilder();
        var spans = new ArrayList<Span>();
        int at = 0;
        while (at < source.length()) {
            String mark =
                    source.startsWith("`", at) ? "`" : source.startsWith("**", at) ? "**" : "";
            int end = mark.isEmpty() ? -1 : source.indexOf(mark, at + mark.length());
            if (end < 0) {
                text.append(source.charAt(at++));
            } else {
                String inner = source.substring(at + mark.length(), end);
                if (mark.equals("`")) {
                    spans.add(new Span(text.length(), inner.length(), true));
                    text.append(inner);
                } else {
                    Marked within = parse(inner);
                    spans.addAll(within.emphasized(text.length()));
                    text.append(within.text);
                }
                at = end + mark.length();
            }
        }
        return new Marked(text.toString(), spans);
    }

    /** Its code as it is and all the rest emphasized, as spans of a text that it stands in. */
    private List<Span> emphasized(int offset) {
        var result = new ArrayList<Span>();
        int from = 0;
        for (Span span : spans) {
            if (span.code()) {
                rest(result, offset, from, span.start());
                result.add(new Span(offset + span.start(), span.length(), true));
                from = span.start() + span.length();
            }
        }
        rest(result, offset, from, text.length());
        return result;
    }

    private static void rest(List<Span> spans, int offset, int from, int to) {
        if (from < to) {
            spans.add(new Span(offset + from, to - from, false));
        }
    }
}
