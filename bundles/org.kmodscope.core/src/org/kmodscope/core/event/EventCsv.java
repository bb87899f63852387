/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;

/**
 * Events as comma-separated values (RFC 4180 with plain line feeds), one line each under the header
 * {@value #HEADER}. Kinds are in capitals; a kind of a newer writer is {@code UNKNOWN_} and its
 * code. Numbers are decimal: time, request, stream and band unsigned, result signed.
 */
public final class EventCsv implements EventWriter {

    /** The first line. */
    public static final String HEADER = "time_ns,source,kind,stream,request,result,band,flags";

    private static final int BUFFER_CHARS = 32 * 1024;
    private static final Pattern NEEDS_QUOTES = Pattern.compile("[\",\r\n]");

    private final Writer out;
    private final StringBuilder lines = new StringBuilder(BUFFER_CHARS + 512);

    /** Writes to a writer, which is closed with this. */
    public EventCsv(Writer out) {
        this.out = out;
        lines.append(HEADER).append('\n');
    }

    /** Writes to a file; replaces what it holds. */
    public static EventCsv create(Path file) throws KmodscopeException {
        try {
            return new EventCsv(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw EventRecording.cannotCreate(file, e);
        }
    }

    @Override
    public void write(String source, long time, long head, long request, long result, long tail)
            throws IOException {
        lines.append(Long.toUnsignedString(time)).append(',');
        lines.append(quoted(source)).append(',');
        EventKind kind = EventCodec.kind(head);
        lines.append(kind.name());
        if (kind == EventKind.UNKNOWN) {
            lines.append('_').append(EventCodec.kindCode(head));
        }
        lines.append(',').append(EventCodec.stream(head) & 0xffff_ffffL);
        lines.append(',').append(Long.toUnsignedString(request));
        lines.append(',').append(result);
        lines.append(',').append(EventCodec.band(tail) & 0xffff_ffffL);
        lines.append(',').append(EventCodec.flags(head)).append('\n');
        if (lines.length() >= BUFFER_CHARS) {
            drain();
        }
    }

    @Override
    public void flush() throws IOException {
        drain();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        try (out) {
            drain();
        }
    }

    private void drain() throws IOException {
        out.append(lines);
        lines.setLength(0);
    }

    private static String quoted(String name) {
        return NEEDS_QUOTES.matcher(name).find() ? '"' + name.replace("\"", "\"\"") + '"' : name;
    }
}
