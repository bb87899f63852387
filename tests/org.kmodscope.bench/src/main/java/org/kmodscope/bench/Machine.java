/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What the figures depend on.
 *
 * @param cpus how many this JVM may use
 * @param load how many processes wanted a CPU, on average over the minute before
 * @param kernel its release
 * @param java its version
 */
record Machine(int cpus, double load, String kernel, String java) {

    /** Above this share of the CPUs, what is measured is also what else runs. */
    private static final double BUSY = 0.5;

    /** As it is now. */
    static Machine now() throws IOException {
        String load = Files.readString(Path.of("/proc/loadavg"));
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                Double.parseDouble(load.split(" ")[0]),
                System.getProperty("os.version") + " " + System.getProperty("os.arch"),
                Runtime.version().toString());
    }

    /** Why figures of this machine are not to be trusted; empty when it was idle. */
    Optional<String> tooBusy() {
        return load <= BUSY * cpus
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "The machine is too busy to trust these figures: load %.2f on %d"
                                        + " CPUs. Run this again when it is idle.",
                                load,
                                cpus));
    }
}
