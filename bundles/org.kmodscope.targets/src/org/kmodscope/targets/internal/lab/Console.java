/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of what a machine's console showed, at most {@value #KEPT_BYTES} bytes, and the panic in
 * it. One thread adds, any thread looks.
 */
final class Console {

    private static final int KEPT_BYTES = 256 * 1024;

    /** The kernel's own words in panic(), kernel/panic.c; a time may stand before them. */
    private static final Pattern PANIC =
            Pattern.compile("Kernel panic - not syncing: ([^\r\n]{1,500})");

    private final byte[] kept = new byte[KEPT_BYTES];
    private final StringBuilder line = new StringBuilder();
    private long total;
    private Optional<String> panic = Optional.empty();

    synchronized void add(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            kept[(int) (total++ % KEPT_BYTES)] = bytes[i];
            if (bytes[i] == '\n') {
                look();
            } else if (line.length() < 1000) {
                line.append((char) Byte.toUnsignedInt(bytes[i]));
            }
        }
    }

    private void look() {
        Matcher words = PANIC.matcher(line);
        // The first one is the cause; one that follows comes from dying.
        if (panic.isEmpty() && words.find()) {
            panic = Optional.of(words.group(1).strip());
        }
        line.setLength(0);
    }

    /** Why the kernel panicked, if it did. */
    synchronized Optional<String> panic() {
        return panic;
    }

    /** What is kept. */
    synchronized String text() {
        int length = (int) Math.min(total, KEPT_BYTES);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = kept[(int) ((total - length + i) % KEPT_BYTES)];
        }
        return new String(bytes, StandardCharsets.UTF_8).replace("\r", "");
    }

    /** The last lines of it, for messages. */
    String tail(int lines) {
        String text = text().stripTrailing();
        int start = text.length();
        for (int i = 0; i < lines && start >= 0; i++) {
            start = text.lastIndexOf('\n', start - 1);
        }
        return text.substring(start + 1);
    }
}
