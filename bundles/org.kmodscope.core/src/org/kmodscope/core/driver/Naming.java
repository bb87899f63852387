/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the user's words into a template's text, in one pass, so that nothing that a user wrote is
 * ever taken for the template's.
 *
 * <p>The prefix is the module's name, in lower case and in capitals. Alone in quotes it is the
 * device's, and {@code /dev/} with it is the node's. {@code @WORD@} is a value.
 */
final class Naming {

    private final String prefix;
    private final DriverSpec spec;
    private final Map<String, String> values;
    private final Pattern pattern;

    Naming(String prefix, DriverSpec spec, Map<String, String> values) {
        this.prefix = prefix;
        this.spec = spec;
        this.values = Map.copyOf(values);
        this.pattern =
                Pattern.compile(
                        "(?<device>\"P\"|/dev/P\\b)|(?<value>@[A-Z_]+@)|(?<upper>U)|(?<lower>P)"
                                .replace("P", Pattern.quote(prefix))
                                .replace("U", Pattern.quote(prefix.toUpperCase(Locale.ROOT))));
    }

    /**
     * @param code whether values stand in C strings
     */
    String apply(String text, boolean code) {
        return pattern.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(replacement(match.group(), code)));
    }

    private String replacement(String found, boolean code) {
        if (found.startsWith("@")) {
            var value = values.getOrDefault(found.substring(1, found.length() - 1), found);
            return code ? Text.escape(value) : value;
        }
        if (found.equals(prefix)) {
            return spec.module();
        }
        if (found.startsWith("/")) {
            return spec.node();
        }
        return found.contains(prefix)
                ? found.replace(prefix, spec.device())
                : spec.module().toUpperCase(Locale.ROOT);
    }
}
