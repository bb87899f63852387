/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that a test of a probe measured, in a diagnostic of this form:
 *
 * <pre>
 * # measure poll.p50 249.33 us
 *           │        │      └── unit, a single word
 *           │        └───────── value, as printf's %g writes it
 *           └────────────────── name, a single word; dots part what belongs together
 * </pre>
 *
 * @param name what it is
 * @param value how much
 * @param unit of what
 */
public record Measure(String name, double value, String unit) {

    private static final Pattern FORM =
            Pattern.compile("measure (\\S+) (-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d{1,3})?) (\\S+)");

    /** The measure in a diagnostic; empty when it is not of this form. */
    static Optional<Measure> parse(String diagnostic) {
        Matcher form = FORM.matcher(diagnostic);
        if (!form.matches()) {
            return Optional.empty();
        }
        double value = Double.parseDouble(form.group(2));
        return Double.isFinite(value)
                ? Optional.of(new Measure(form.group(1), value, form.group(3)))
                : Optional.empty();
    }

    /** The value and its unit, as people write it: whole numbers without a point. */
    public String text() {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return (whole ? Long.toString((long) value) : Double.toString(value)) + " " + unit;
    }
}
