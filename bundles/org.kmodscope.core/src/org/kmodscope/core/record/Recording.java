/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;

/**
 * The first session of a recording: its calls and their answers. What programs printed, events and
 * the kernel log stay in the file, however large it is, and are read when they are wanted.
 *
 * @param opened what the session ran on; its note says so when the file was cut off
 * @param scratch its directory for files
 * @param began when it was opened, in microseconds of the recording
 * @param start where its first line after that begins
 * @param calls in the order in which they were made
 * @param over how it ended, where that is known
 */
record Recording(
        Path file,
        TargetInfo opened,
        String scratch,
        long began,
        long start,
        List<Call> calls,
        Optional<Over> over) {

    /** More is no recording that somebody made. */
    private static final int CALLS_MAX = 100_000;

    private static final long CHARS_MAX = 1 << 24;

    /**
     * A call.
     *
     * @param offset where its line begins
     * @param words its name and arguments, as they are in the file
     * @param answer what came of it; empty when the recording ends before
     * @param answered where the line of the answer begins
     */
    record Call(
            long offset,
            long micros,
            long number,
            List<String> words,
            Optional<RecordLine> answer,
            long answered) {}

    /** The end of the target, and where it is told. */
    record Over(long offset, long micros, TargetEnd end) {}

    /**
     * Reads it; all of the session is looked at.
     *
     * @throws KmodscopeException USAGE when it is no recording of this version, FAILED when it is
     *     damaged, or the failure that is recorded where the session was refused
     */
    static Recording read(Path file) throws KmodscopeException {
        try (RecordReader reader = new RecordReader(file, 0)) {
            String header = reader.text().orElse("");
            if (!header.equals(RecordWriter.HEADER)) {
                boolean other = header.matches("kmodscope-recording \\d{1,9}");
                throw new KmodscopeException(
                        KmodscopeException.Kind.USAGE,
                        other
                                ? file + " is a recording of another version: " + header + "."
                                : file + " is no recording of a session.",
                        other
                                ? "Use the kmodscope that made it, or one that is newer."
                                : "Name a file that --record made.");
            }
            RecordLine opened =
                    reader.next().orElseThrow(() -> reader.damaged("it holds no session"));
            return switch (opened.kind()) {
                case REFUSED -> throw opened.failure(0);
                case OPEN -> new Scan(reader).read(file, opened);
                default -> throw reader.damaged("it does not begin with a session");
            };
        }
    }

    /** What a scan of the file has found so far. */
    private static final class Scan {

        private final RecordReader reader;
        private final List<Call> calls = new ArrayList<>();
        private final Map<String, Integer> open = new HashMap<>();
        private Optional<Over> over = Optional.empty();
        private long chars;

        Scan(RecordReader reader) {
            this.reader = reader;
        }

        Recording read(Path file, RecordLine opened) throws KmodscopeException {
            long start = -1;
            Optional<RecordLine> next = reader.next();
            while (next.isPresent() && next.get().kind() != RecordLine.Kind.OPEN) {
                start = start < 0 ? reader.start() : start;
                take(next.get());
                next = reader.next();
            }
            return new Recording(
                    file,
                    info(opened, reader.cut()),
                    opened.text(4),
                    opened.micros(),
                    start < 0 ? reader.start() : start,
                    List.copyOf(calls),
                    over);
        }

        private void take(RecordLine line) throws KmodscopeException {
            switch (line.kind()) {
                case CALL -> {
                    count(line);
                    open.put(line.raw(0), calls.size());
                    calls.add(
                            new Call(
                                    reader.start(),
                                    line.micros(),
                                    line.number(0),
                                    line.fields().subList(1, line.fields().size()),
                                    Optional.empty(),
                                    0));
                }
                case OK, FAILED, CANCELLED -> {
                    count(line);
                    if (!open.containsKey(line.raw(0))) {
                        throw reader.damaged("it answers a call that was not made");
                    }
                    int index = open.remove(line.raw(0));
                    Call call = calls.get(index);
                    calls.set(
                            index,
                            new Call(
                                    call.offset(),
                                    call.micros(),
                                    call.number(),
                                    call.words(),
                                    Optional.of(line),
                                    reader.start()));
                }
                case OVER -> over = Optional.of(new Over(reader.start(), line.micros(), end(line)));
                default -> {}
            }
        }

        private void count(RecordLine line) throws KmodscopeException {
            for (String field : line.fields()) {
                chars += field.length();
            }
            if (calls.size() >= CALLS_MAX || chars > CHARS_MAX) {
                throw reader.damaged("it has more calls than a session makes");
            }
        }
    }

    private static TargetEnd end(RecordLine line) throws KmodscopeException {
        return switch (line.raw(0)) {
            case "panicked" -> new TargetEnd.Panicked(line.text(1), line.text(2));
            case "vanished" -> new TargetEnd.Vanished(line.text(1), line.text(2));
            default -> new TargetEnd.Closed();
        };
    }

    private static TargetInfo info(RecordLine line, boolean cut) throws KmodscopeException {
        TargetInfo.Acceleration acceleration = TargetInfo.Acceleration.NATIVE;
        for (TargetInfo.Acceleration each : TargetInfo.Acceleration.values()) {
            if (each.name().equals(line.raw(3))) {
                acceleration = each;
            }
        }
        String note = line.text(5);
        if (cut) {
            note = "The recording was cut off; what comes before is replayed. " + note;
        }
        return new TargetInfo(
                line.text(0) + ", recorded",
                line.text(1),
                line.text(2),
                acceleration,
                Optional.of(note.strip()).filter(text -> !text.isEmpty()));
    }
}
