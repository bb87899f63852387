/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.program;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jdt.annotation.Nullable;

/**
 * What a program said first: where it fails, that has the reason. What would be too much is
 * dropped. Safe to use from several threads.
 */
public final class FirstWords extends OutputStream {

    private static final int KEPT_MAX = 8192;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int one) {
        if (kept.size() < KEPT_MAX) {
            kept.write(one);
        }
    }

    @Override
    public synchronized void write(byte @Nullable [] bytes, int from, int length) {
        kept.write(bytes, from, Math.min(length, KEPT_MAX - kept.size()));
    }

    /** All that is kept. */
    public synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
