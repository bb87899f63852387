/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * Walks through C line by line and knows which parentheses are open, in which column; strings,
 * comments and directives do not count.
 */
final class CodeScanner {

    private final Deque<Integer> open = new ArrayDeque<>();
    private boolean comment;
    private boolean directive;

    /** Goes past a line. */
    void advance(String line) {
        var code = code(line);
        for (var at = code.nextSetBit(0); at >= 0; at = code.nextSetBit(at + 1)) {
            step(line, at);
        }
    }

    /** Goes past one character that is code. */
    void step(String line, int at) {
        switch (line.charAt(at)) {
            case '(' -> open.push(Text.column(0, line.substring(0, at)));
            case ')' -> open.poll();
            default -> {}
        }
    }

    /** Which characters of the next line are code; remembers a comment that goes on. */
    BitSet code(String line) {
        var code = new BitSet();
        if (!comment && (directive || line.startsWith("#"))) {
            directive = line.endsWith("\\");
            return code;
        }
        var quote = '\0';
        for (var i = 0; i < line.length(); i++) {
            var c = line.charAt(i);
            if (comment) {
                if (line.startsWith("*/", i)) {
                    comment = false;
                    i++;
                }
            } else if (quote != '\0') {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = '\0';
                }
            } else if (line.startsWith("/*", i)) {
                comment = true;
                i++;
            } else if (line.startsWith("//", i)) {
                break;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else {
                code.set(i);
            }
        }
        return code;
    }

    /** How many parentheses are open. */
    int depth() {
        return open.size();
    }

    /** The column where a line that goes on inside the innermost parenthesis is aligned. */
    int alignment() {
        return open.element() + 1;
    }

    /** Whether the next line begins inside a comment. */
    boolean inComment() {
        return comment;
    }

    /** Whether the next line belongs to a directive that was continued. */
    boolean inDirective() {
        return directive;
    }
}
