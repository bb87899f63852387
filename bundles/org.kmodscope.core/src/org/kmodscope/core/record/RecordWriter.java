/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Reason;

/**
 * Writes a recording. Each line is in the file when its method returns, so that a killed process
 * leaves what happened until then. A disk that fails does not disturb what is recorded: it is told
 * at the end. For any thread.
 */
final class RecordWriter implements AutoCloseable {

    static final String HEADER = "kmodscope-recording 1";

    /** Of what a program printed in one line. */
    private static final int PIECE_BYTES = 1 << 15;

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final FileChannel channel;
    private final long began = System.nanoTime();
    private Optional<IOException> failure = Optional.empty();
    private long calls;

    /**
     * Creates the file, readable by its owner alone; replaces one that is there.
     *
     * @throws KmodscopeException USAGE when it cannot be created
     */
    RecordWriter(Path file) throws KmodscopeException {
        this.file = file;
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("it is there and no ordinary file");
            }
            Files.deleteIfExists(file);
            channel =
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PRIVATE);
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    "The recording " + file + " cannot be written: " + Reason.of(e) + ".",
                    "Name a file in a directory that exists and that you may write to.",
                    e);
        }
        write(HEADER);
    }

    /** A line of texts. */
    void line(RecordLine.Kind kind, List<String> texts) {
        write(RecordLine.of(micros(), kind, texts).encoded());
    }

    /** A line about a call. */
    void of(RecordLine.Kind kind, long call, String... texts) {
        List<String> all = new ArrayList<>(List.of(Long.toString(call)));
        all.addAll(List.of(texts));
        line(kind, all);
    }

    /** A failure of a call; most lines that have one are alike. */
    void failure(RecordLine.Kind kind, long call, KmodscopeException failure) {
        of(
                kind,
                call,
                failure.kind().name(),
                String.valueOf(failure.getMessage()),
                failure.remedy());
    }

    /** A call that is made now; its number. */
    long call(List<String> words) {
        long number;
        synchronized (this) {
            number = ++calls;
        }
        of(RecordLine.Kind.CALL, number, words.toArray(String[]::new));
        return number;
    }

    /** What a program printed. */
    void printed(RecordLine.Kind kind, long call, byte[] bytes) {
        for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE_BYTES));
            write(RecordLine.printed(micros(), kind, call, piece).encoded());
        }
    }

    /** Records of a source, which are few enough for a line. */
    void records(long call, ByteBuffer records) {
        byte[] bytes = new byte[records.remaining()];
        records.get(bytes);
        of(RecordLine.Kind.EVENTS, call, Base64.getEncoder().encodeToString(bytes));
    }

    private long micros() {
        return (System.nanoTime() - began) / 1000;
    }

    private synchronized void write(String line) {
        if (failure.isPresent()) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            failure = Optional.of(e);
        }
    }

    /**
     * Ends it.
     *
     * @throws KmodscopeException MISSING when something could not be written
     */
    @Override
    public synchronized void close() throws KmodscopeException {
        try {
            channel.close();
        } catch (IOException e) {
            failure = failure.or(() -> Optional.of(e));
        }
        if (failure.isPresent()) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.MISSING,
                    "The recording " + file + " is not whole: " + failure.get() + ".",
                    "Make room on the disk and record again.",
                    failure.get());
        }
    }
}
