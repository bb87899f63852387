/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.kernel.Kernel;

/** A kind of machine that QEMU can be. */
public enum QemuMachine {
    /** This machine's own kind. */
    PC("qemu-system-x86_64", "qemu-system-x86", "q35", "max", "ttyS0"),

    /** 64-bit ARM; the oldest of its processors is the one that is emulated fastest. */
    ARM64("qemu-system-aarch64", "qemu-system-arm", "virt", "cortex-a53", "ttyAMA0");

    private final String program;
    private final String debianPackage;
    private final String board;
    private final String processor;
    private final String console;

    QemuMachine(
            String program, String debianPackage, String board, String processor, String console) {
        this.program = program;
        this.debianPackage = debianPackage;
        this.board = board;
        this.processor = processor;
        this.console = console;
    }

    /**
     * The kind that a kernel is for.
     *
     * @throws KmodscopeException USAGE when there is no lab of it
     */
    static QemuMachine of(Kernel kernel) throws KmodscopeException {
        String arch = kernel.cross().map(CrossBuild::arch).orElse("");
        return switch (arch) {
            case "" -> PC;
            case "arm64" -> ARM64;
            default ->
                    throw new KmodscopeException(
                            Kind.USAGE,
                            "There are no labs for " + arch + ".",
                            "Run the driver on a board: --target ssh:HOST.");
        };
    }

    /** The program that is one. */
    String program() {
        return program;
    }

    /** What to install for it. */
    String debianPackage() {
        return debianPackage;
    }

    /** For {@code -M}. */
    String board() {
        return board;
    }

    /** For {@code -cpu}, where it is emulated. */
    String processor() {
        return processor;
    }

    /** Its serial line, as its kernel names it. */
    String console() {
        return console;
    }
}
