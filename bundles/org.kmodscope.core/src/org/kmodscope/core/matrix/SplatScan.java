/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the headlines of complaints in a kernel log: what lib/bug.c, kernel/panic.c, lockdep, the
 * sanitizers, slub, the watchdogs and the hung-task detector print first.
 */
final class SplatScan {

    private static final Pattern HEADLINE =
            Pattern.compile(
                    "WARNING: .*|.*\\bBUG: .*|BUG \\S+ \\(.*|kernel BUG at .*|.*\\bOops: .*"
                            + "|general protection fault.*|UBSAN: .*|.*divide error: .*"
                            + "|INFO: task .* blocked for more than .*"
                            + "|rcu: INFO: rcu_\\w+ .*stall.*|.*\\bdetected stalls? on .*"
                            + "|ODEBUG: .*|Kernel panic - .*|kmemleak: \\d+ new .*");

    private SplatScan() {}

    /** The headlines, in order. */
    static List<String> headlines(List<String> lines) {
        return lines.stream().filter(line -> HEADLINE.matcher(line).matches()).toList();
    }
}
