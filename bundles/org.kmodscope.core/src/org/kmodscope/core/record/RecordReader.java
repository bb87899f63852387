/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Reason;

/** Reads a recording line by line; never holds more than one line. Owned by one thread. */
final class RecordReader implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final InputStream in;
    private final StringBuilder line = new StringBuilder();
    private long offset;
    private long start;
    private boolean cut;

    /** Reads from an offset that a line begins at. */
    RecordReader(Path file, long offset) throws KmodscopeException {
        this.file = file;
        this.offset = offset;
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            in =
                    new BufferedInputStream(
                            Channels.newInputStream(channel.position(offset)), BUFFER_BYTES);
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    "The recording " + file + " cannot be opened: " + Reason.of(e) + ".",
                    "Name a file that --record made.",
                    e);
        }
    }

    /** The next line as it is; empty at the end, and where the last line was cut off. */
    Optional<String> text() throws KmodscopeException {
        start = offset;
        line.setLength(0);
        try {
            for (int one = in.read(); one >= 0; one = in.read()) {
                offset++;
                if (one == '\n') {
                    return Optional.of(line.toString());
                }
                if (one < ' ' || one > '~') {
                    throw damaged("it has bytes that are no text");
                }
                if (line.length() == RecordLine.BYTES_MAX) {
                    throw damaged("it is too long");
                }
                line.append((char) one);
            }
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.FAILED,
                    "The recording " + file + " cannot be read: " + Reason.of(e) + ".",
                    "Copy it to another disk and try again.",
                    e);
        }
        cut = line.length() > 0;
        return Optional.empty();
    }

    /** The next line; empty at the end, and where the last line was cut off. */
    Optional<RecordLine> next() throws KmodscopeException {
        Optional<String> text = text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordLine.parse(text.get()));
        } catch (IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    /** Where the line begins that was returned last. */
    long start() {
        return start;
    }

    /** Whether the end was in the middle of a line. */
    boolean cut() {
        return cut;
    }

    KmodscopeException damaged(String what) {
        return new KmodscopeException(
                KmodscopeException.Kind.FAILED,
                "The recording "
                        + file
                        + " is damaged: "
                        + what
                        + " (the line at byte "
                        + start
                        + ").",
                "Ask for it again.");
    }

    @Override
    public void close() throws KmodscopeException {
        try {
            in.close();
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.FAILED,
                    "The recording " + file + " cannot be closed: " + Reason.of(e) + ".",
                    "Look at the disk it is on.",
                    e);
        }
    }
}
