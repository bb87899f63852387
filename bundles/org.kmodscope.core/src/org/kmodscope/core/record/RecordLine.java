/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.kmodscope.core.KmodscopeException;

/**
 * A line of a recording: {@code TIME KIND FIELD…}, parted by single spaces. Fields are printable
 * ASCII; other bytes, spaces and the percent sign are {@code %XX}, and an empty field is {@code %}.
 * The last field of what people read, see {@link Kind#text}, keeps its spaces.
 *
 * @param micros since the recording began
 * @param fields as they are in the file, escaped
 */
record RecordLine(long micros, Kind kind, List<String> fields) {

    static final int BYTES_MAX = 1 << 18;

    private static final int MICROS_DIGITS = 15;

    /** What a line tells, and how many fields it has at least. */
    enum Kind {
        /** A session begins: title, release, machine, acceleration, scratch, note. */
        OPEN(6, false),
        /** It could not be opened: kind, what, remedy. */
        REFUSED(3, false),
        /** A call: its number, its name, its arguments. */
        CALL(2, false),
        /** The call of this number returned; what it returned. */
        OK(1, false),
        /** It failed: number, kind, what, remedy. */
        FAILED(4, false),
        /** It was cancelled. */
        CANCELLED(1, false),
        /** What the program of this call printed. */
        OUT(2, true),
        /** The same on its standard error. */
        ERR(2, true),
        /** The program ended: number, status. */
        EXIT(2, false),
        /** It was lost: number, kind, what, remedy. */
        LOST(4, false),
        /** What its user did to a program: number, what. Not replayed. */
        DID(2, false),
        /** Records of the source of this call, in Base64. */
        EVENTS(2, false),
        /** The source ended by itself: number, and if it broke kind, what, remedy. */
        END(1, false),
        /** A line of the kernel log: level, sequence, time in ns, text. */
        LOG(4, true),
        /** The target ended: closed, or panicked or vanished with reason and console. */
        OVER(1, false);

        private final int least;
        private final boolean text;

        Kind(int least, boolean text) {
            this.least = least;
            this.text = text;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    RecordLine {
        fields = List.copyOf(fields);
    }

    /** One of texts. */
    static RecordLine of(long micros, Kind kind, List<String> texts) {
        List<String> fields = new ArrayList<>();
        for (String text : texts) {
            boolean last = fields.size() == texts.size() - 1;
            fields.add(escape(text.getBytes(StandardCharsets.UTF_8), last && kind.text));
        }
        return new RecordLine(micros, kind, fields);
    }

    /** What a program printed. */
    static RecordLine printed(long micros, Kind kind, long number, byte[] bytes) {
        return new RecordLine(micros, kind, List.of(Long.toString(number), escape(bytes, true)));
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static RecordLine parse(String line) {
        String[] head = line.split(" ", 3);
        if (head.length < 2 || !head[0].matches("\\d{1," + MICROS_DIGITS + "}")) {
            throw new IllegalArgumentException("a time and a word are missing");
        }
        Kind kind = kind(head[1]);
        String rest = head.length > 2 ? head[2] : "";
        List<String> fields =
                rest.isEmpty() ? List.of() : List.of(rest.split(" ", kind.text ? kind.least : -1));
        if (fields.size() < kind.least) {
            throw new IllegalArgumentException("\"" + kind.word() + "\" has too few fields");
        }
        return new RecordLine(Long.parseLong(head[0]), kind, fields);
    }

    private static Kind kind(String word) {
        for (Kind each : Kind.values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException("\"" + word + "\" is not known");
    }

    /** As it is in the file, without the line's end. */
    String encoded() {
        StringBuilder line = new StringBuilder().append(micros).append(' ').append(kind.word());
        fields.forEach(field -> line.append(' ').append(field));
        return line.toString();
    }

    /** A field as text. */
    String text(int index) throws KmodscopeException {
        return new String(bytes(index), StandardCharsets.UTF_8);
    }

    /** A field as bytes. */
    byte[] bytes(int index) throws KmodscopeException {
        String field = raw(index);
        if (field.equals("%")) {
            return new byte[0];
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
        for (int at = 0; at < field.length(); at++) {
            char one = field.charAt(at);
            if (one != '%') {
                bytes.write(one);
            } else if (at + 2 < field.length()
                    && HexFormat.isHexDigit(field.charAt(at + 1))
                    && HexFormat.isHexDigit(field.charAt(at + 2))) {
                bytes.write(HexFormat.fromHexDigits(field, at + 1, at + 3));
                at += 2;
            } else {
                throw damaged("a % without its two digits");
            }
        }
        return bytes.toByteArray();
    }

    /** A field as a number of at most 18 digits. */
    long number(int index) throws KmodscopeException {
        String field = raw(index);
        if (!field.matches("-?\\d{1,18}")) {
            throw damaged("\"" + field + "\" is no number");
        }
        return Long.parseLong(field);
    }

    /** The failure that three fields are: kind, what, remedy. */
    KmodscopeException failure(int index) throws KmodscopeException {
        String word = raw(index);
        for (KmodscopeException.Kind each : KmodscopeException.Kind.values()) {
            if (each.name().equals(word)) {
                return new KmodscopeException(each, text(index + 1), text(index + 2));
            }
        }
        throw damaged("\"" + word + "\" is no kind of failure");
    }

    /** A field as it is in the file; damage when there is none. */
    String raw(int index) throws KmodscopeException {
        if (index >= fields.size()) {
            throw damaged("a field is missing");
        }
        return fields.get(index);
    }

    private KmodscopeException damaged(String what) {
        return new KmodscopeException(
                KmodscopeException.Kind.FAILED,
                "The recording is damaged: " + what + " in a line \"" + kind.word() + "\".",
                "Ask for it again.");
    }

    private static String escape(byte[] bytes, boolean spaces) {
        if (bytes.length == 0) {
            return "%";
        }
        StringBuilder text = new StringBuilder(bytes.length + 16);
        for (byte one : bytes) {
            if (one > ' ' && one <= '~' && one != '%' || one == ' ' && spaces) {
                text.append((char) one);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(one));
            }
        }
        return text.toString();
    }
}
