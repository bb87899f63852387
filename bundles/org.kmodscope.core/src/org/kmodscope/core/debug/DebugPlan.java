/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.kmodscope.core.probe.ProbeSpec;

/**
 * What a debug run does.
 *
 * @param project the directory of the driver's sources
 * @param module the module's name as the kernel knows it
 * @param device the device's path in the lab
 * @param features what the driver claims, as probes take it
 * @param file the module, built with debug information for the lab's kernel
 * @param probes the probes to run, in order, each with its program
 * @param depth how far it goes
 * @param ioctl a number of an ioctl to walk through, too
 */
public record DebugPlan(
        Path project,
        String module,
        String device,
        String features,
        Path file,
        SequencedMap<ProbeSpec, Path> probes,
        Depth depth,
        OptionalLong ioctl) {

    /** How far a debug run goes. */
    public enum Depth {
        /** Load, probes, unload, and what the kernel reports meanwhile. */
        PROBES,
        /** That, a search for leaks, and a walk through everything that can fail. */
        ALL
    }

    /** The parts; later changes of the map are not seen. */
    public DebugPlan {
        probes = new LinkedHashMap<>(probes);
    }
}
