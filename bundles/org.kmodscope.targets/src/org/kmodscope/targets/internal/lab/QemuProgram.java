/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * QEMU as it is installed.
 *
 * @param path the program
 * @param parallel whether emulated processors may run side by side. Before version 8.1 one of them
 *     may go on with code that another has just replaced. Linux patches its own code, with a
 *     breakpoint in place of what is in change, so its kernel now and then died of a breakpoint
 *     that was gone already ("Oops: int3"), the more often the busier the machine.
 * @param machine what it is
 */
public record QemuProgram(Path path, boolean parallel, QemuMachine machine) {

    private static final Pattern VERSION = Pattern.compile("version (\\d{1,4})\\.(\\d{1,4})");
    private static final int SAFE_MAJOR = 8;
    private static final int SAFE_MINOR = 1;

    /** One that is a PC. */
    QemuProgram(Path path, boolean parallel) {
        this(path, parallel, QemuMachine.PC);
    }

    /**
     * The one for this machine's kind of kernels.
     *
     * @throws KmodscopeException MISSING when it is not installed
     */
    public static QemuProgram locate(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return locate(QemuMachine.PC, monitor);
    }

    /**
     * The one for a kernel.
     *
     * @throws KmodscopeException MISSING when it is not installed, USAGE when there is none
     */
    public static QemuProgram locate(Kernel kernel, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return locate(QemuMachine.of(kernel), monitor);
    }

    private static QemuProgram locate(QemuMachine machine, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path program =
                HostCommand.of(machine.program())
                        .locate()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                KmodscopeException.Kind.MISSING,
                                                "QEMU ("
                                                        + machine.program()
                                                        + ") is not on this machine.",
                                                "Install it: sudo apt install "
                                                        + machine.debianPackage()));
        Captured version = HostCommand.of(program.toString(), "--version").capture(monitor);
        return new QemuProgram(program, parallel(version.out()), machine);
    }

    /** Whether a version, as {@code --version} tells it, is free of that fault. */
    static boolean parallel(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.find()) {
            return false;
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        return major > SAFE_MAJOR || major == SAFE_MAJOR && minor >= SAFE_MINOR;
    }
}
