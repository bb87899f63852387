/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kmodscope.core.target.OutputSink;

/** Listens to what a {@link org.kmodscope.core.target.GuestBridge}'s program prints. */
final class GuestVoice implements OutputSink {

    private static final Pattern COUNT = Pattern.compile("(ended|held) (\\d{1,18})");
    private static final int KEPT_MAX = 4096;

    private final CompletableFuture<Boolean> armed = new CompletableFuture<>();
    private final CompletableFuture<Long> ended = new CompletableFuture<>();
    private final CompletableFuture<Long> held = new CompletableFuture<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

    /** Completes when it said that it is armed. */
    CompletableFuture<Boolean> armed() {
        return armed;
    }

    /** Completes with the number of records that it said it wrote. */
    CompletableFuture<Long> ended() {
        return ended;
    }

    /** Completes with the number of requests for which the kernel keeps it, if it said so. */
    CompletableFuture<Long> held() {
        return held;
    }

    @Override
    public void out(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n') {
                said(line.toString(StandardCharsets.UTF_8).strip());
                line.reset();
            } else if (line.size() < KEPT_MAX) {
                line.write(b);
            }
        }
    }

    @Override
    public synchronized void err(byte[] bytes) {
        complaints.write(bytes, 0, Math.min(bytes.length, KEPT_MAX - complaints.size()));
    }

    /** What it complained of, on one line; empty when it did not. */
    synchronized String complaints() {
        return complaints.toString(StandardCharsets.UTF_8).strip().replaceAll("\\s*\n\\s*", "; ");
    }

    private void said(String text) {
        Matcher count = COUNT.matcher(text);
        if (text.equals("armed")) {
            armed.complete(true);
        } else if (count.matches()) {
            (count.group(1).equals("held") ? held : ended).complete(Long.parseLong(count.group(2)));
        }
    }
}
