/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.SpecFile;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetSession;

/**
 * A generated project on disk.
 *
 * @param directory its absolute place
 * @param template what it was generated from
 * @param module the name the kernel knows the module by
 * @param device the device node in a target
 * @param features what the driver can do, as probes take it
 */
record Project(Path directory, String template, String module, String device, String features) {

    /** Reads it. */
    static Project open(Path named) throws KmodscopeException {
        Path directory = existing(named);
        DriverSpec spec = SpecFile.read(directory);
        return new Project(
                directory, spec.template(), spec.module(), spec.node(), spec.features().toString());
    }

    /** A run of a probe on this project's device. */
    ProbeRun run(TargetSession session, ProbeSpec probe) {
        return new ProbeRun(session, probe, device, features);
    }

    /** The name that the module's file has wherever it is built. */
    Path moduleFile() {
        return Path.of(module + ".ko");
    }

    /** The directory, absolute, if it is one. */
    static Path existing(Path named) throws KmodscopeException {
        Path directory = named.toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "There is no project directory " + named + ".",
                    "Create one: kmodscope new " + NewCommand.quoted(named) + " --name NAME");
        }
        return directory;
    }
}
