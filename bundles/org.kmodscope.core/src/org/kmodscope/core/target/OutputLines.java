/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts what a program prints into lines of UTF-8. Thread-safe. */
public final class OutputLines implements OutputSink {

    private final Channel out;
    private final Channel err;

    /**
     * @param out takes the lines of standard output, without their ends
     * @param err takes the lines of standard error
     */
    public OutputLines(Consumer<String> out, Consumer<String> err) {
        this.out = new Channel(out);
        this.err = new Channel(err);
    }

    @Override
    public void out(byte[] bytes) {
        out.add(bytes);
    }

    @Override
    public void err(byte[] bytes) {
        err.add(bytes);
    }

    /** Hands over what has no line end, once the program has ended. */
    public void end() {
        out.end();
        err.end();
    }

    /** Bytes, not characters, are collected: a character may come in two pieces. */
    private static final class Channel {

        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final Consumer<String> sink;

        Channel(Consumer<String> sink) {
            this.sink = sink;
        }

        synchronized void add(byte[] bytes) {
            for (byte one : bytes) {
                if (one == '\n') {
                    hand();
                } else {
                    line.write(one);
                }
            }
        }

        synchronized void end() {
            if (line.size() > 0) {
                hand();
            }
        }

        private void hand() {
            sink.accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
        }
    }
}
