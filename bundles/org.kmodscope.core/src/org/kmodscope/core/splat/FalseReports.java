/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import java.util.List;
import java.util.Set;

/** Reports that are known to be the kernel's own fault, whatever the driver does. */
public final class FalseReports {

    /**
     * A report of this kind, whose title begins so and whose trace has all of these functions and
     * no module.
     */
    private record Known(Splat.Kind kind, String title, Set<String> functions) {

        boolean is(Splat splat) {
            return splat.kind() == kind
                    && splat.title().startsWith(title)
                    && splat.moduleFrames().isEmpty()
                    && functions.stream()
                            .allMatch(
                                    name ->
                                            splat.trace().stream()
                                                    .anyMatch(f -> f.function().equals(name)));
        }
    }

    /**
     * User-mode Linux 6.12 walks page tables without the RCU lock when an AIO ring is unmapped, and
     * frees the interrupt of a line that the host has closed where it may not sleep.
     */
    private static final List<Known> ALL =
            List.of(
                    new Known(
                            Splat.Kind.ATOMIC_SLEEP,
                            "BUG: sleeping function called from invalid context",
                            Set.of("um_free_irq", "free_irqs")),
                    new Known(
                            Splat.Kind.LOCKDEP,
                            "WARNING: suspicious RCU usage",
                            Set.of("flush_tlb_mm")),
                    new Known(
                            Splat.Kind.LOCKDEP,
                            "WARNING: suspicious RCU usage",
                            Set.of("free_ioctx")));

    private FalseReports() {}

    /** Whether it is one of them. */
    public static boolean contains(Splat splat) {
        return ALL.stream().anyMatch(known -> known.is(splat));
    }
}
