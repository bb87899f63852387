/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A virtual machine's parts, as QEMU's command line.
 *
 * @param program QEMU's path
 * @param kernel the image to boot
 * @param initramfs its root
 * @param run where the ports' sockets are
 * @param disk a read-only disk with the bridge
 */
record QemuMachine(
        Path program, Path kernel, Path initramfs, RunDirectory run, Optional<Path> disk) {

    private static final int MEMORY_MIB = 512;
    private static final int MEMORY_MIB_WITH_BRIDGE = 768;

    /**
     * An oops ends the machine: what follows one proves nothing, and its report is on the console.
     * Level 4 keeps the console quiet at boot; an oops raises it to show all.
     */
    private static final String KERNEL_ARGUMENTS =
            "console=ttyS0 rdinit=/init panic=-1 oops=panic loglevel=4 mitigations=off"
                    + " random.trust_cpu=on";

    List<String> commandLine() {
        List<String> argv = new ArrayList<>();
        argv.add(program.toString());
        argv.addAll(List.of("-nodefaults", "-no-user-config", "-no-reboot"));
        argv.addAll(List.of("-display", "none", "-monitor", "none"));
        argv.addAll(List.of("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny"));
        argv.addAll(List.of("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"));
        int memory = disk.isPresent() ? MEMORY_MIB_WITH_BRIDGE : MEMORY_MIB;
        argv.addAll(List.of("-M", "q35", "-m", String.valueOf(memory)));
        argv.addAll(List.of("-chardev", "stdio,id=console,signal=off"));
        argv.addAll(List.of("-serial", "chardev:console"));
        argv.addAll(List.of("-kernel", kernel.toString(), "-initrd", initramfs.toString()));
        argv.addAll(List.of("-append", KERNEL_ARGUMENTS));
        argv.addAll(List.of("-device", "virtio-serial-pci"));
        for (Port port : Port.values()) {
            argv.addAll(List.of("-chardev", chardev(port)));
            argv.addAll(
                    List.of(
                            "-device",
                            "virtserialport,chardev=" + port.name() + ",name=" + port.label()));
        }
        disk.ifPresent(
                file -> {
                    argv.addAll(
                            List.of(
                                    "-drive",
                                    "if=none,id=bridge,format=raw,readonly=on,file="
                                            + value(file)));
                    argv.addAll(List.of("-device", "virtio-blk-pci,drive=bridge"));
                });
        return argv;
    }

    private String chardev(Port port) {
        return "socket,id=" + port.name() + ",path=" + value(run.socket(port));
    }

    /** QEMU's way to write a comma in a value. */
    private static String value(Path path) {
        return path.toString().replace(",", ",,");
    }
}
