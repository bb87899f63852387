/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A kernel's version as far as driver interfaces depend on it: {@code 5.10}, {@code 7.3}.
 *
 * @param major the first number
 * @param minor the second number
 */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {

    /** The oldest kernel that is generated for, built and run. */
    public static final KernelVersion OLDEST = new KernelVersion(5, 10);

    /** The newest kernel that the templates are built and run with. */
    public static final KernelVersion NEWEST = new KernelVersion(7, 3);

    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})");
    private static final Comparator<KernelVersion> ORDER =
            Comparator.comparingInt(KernelVersion::major).thenComparingInt(KernelVersion::minor);

    /** Reads {@code 5.10}; empty when the text is nothing of that form. */
    public static Optional<KernelVersion> parse(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new KernelVersion(
                                Integer.parseInt(matcher.group(1)),
                                Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(KernelVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
