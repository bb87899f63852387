/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.TargetInfo.Acceleration;

/**
 * QEMU, with a PC of its own that has no network.
 *
 * @param program what is installed
 * @param size processors and memory of the machine
 * @param acceleration TCG or KVM
 * @param note why it is not as fast as it could be
 * @param debug whether it boots a kernel that finds faults, which takes more memory
 */
public record Qemu(
        QemuProgram program,
        MachineSize size,
        Acceleration acceleration,
        Optional<String> note,
        boolean debug)
        implements Hypervisor {

    private static final int MEMORY_MIB_WITH_BRIDGE = 768;
    private static final int MEMORY_MIB_OF_DEBUG = 1024;

    /**
     * An oops ends the machine: what follows one proves nothing, and its report is on the console.
     * Level 4 keeps the console quiet at boot; an oops raises it to show all. The kernel counts
     * timer interrupts when it starts, and panics ("IO-APIC + timer doesn't work") when an emulated
     * machine was kept from running meanwhile: that check is left out.
     */
    private static final String KERNEL_ARGUMENTS =
            " rdinit=/init panic=-1 oops=panic loglevel=4 mitigations=off"
                    + " no_timer_check random.trust_cpu=on";

    /** SLUB's own debugging, the size of the log: for the reasons that {@link Uml} gives. */
    private static final String DEBUG_ARGUMENTS = " slub_debug=- log_buf_len=4M";

    @Override
    public String title() {
        return "QEMU";
    }

    @Override
    public Wiring wiring() {
        return Wiring.VIRTIO;
    }

    @Override
    public List<String> commandLine(Parts parts) {
        int memory = size.memoryMib();
        if (parts.disk().isPresent()) {
            memory = Math.max(memory, MEMORY_MIB_WITH_BRIDGE);
        }
        if (debug) {
            memory = Math.max(memory, MEMORY_MIB_OF_DEBUG);
        }
        List<String> argv = new ArrayList<>();
        argv.add(program.path().toString());
        argv.addAll(List.of("-nodefaults", "-no-user-config", "-no-reboot"));
        argv.addAll(List.of("-display", "none", "-monitor", "none"));
        argv.addAll(List.of("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny"));
        argv.addAll(
                acceleration == Acceleration.KVM
                        ? List.of("-accel", "kvm", "-cpu", "host")
                        : List.of(
                                "-accel",
                                "tcg,thread=" + threads(),
                                "-cpu",
                                program.machine().processor()));
        argv.addAll(List.of("-smp", String.valueOf(size.processors())));
        argv.addAll(List.of("-M", program.machine().board(), "-m", String.valueOf(memory)));
        argv.addAll(List.of("-chardev", "stdio,id=console,signal=off"));
        argv.addAll(List.of("-serial", "chardev:console"));
        argv.addAll(List.of("-kernel", parts.kernel().toString()));
        argv.addAll(List.of("-initrd", parts.initramfs().toString()));
        String console = "console=" + program.machine().console();
        String arguments = KERNEL_ARGUMENTS + (debug ? DEBUG_ARGUMENTS : "");
        argv.addAll(List.of("-append", console + arguments));
        argv.addAll(List.of("-device", "virtio-serial-pci"));
        for (Port port : Port.values()) {
            String socket = value(parts.run().socket(port));
            argv.addAll(List.of("-chardev", "socket,id=" + port.name() + ",path=" + socket));
            argv.addAll(
                    List.of(
                            "-device",
                            "virtserialport,chardev=" + port.name() + ",name=" + port.label()));
        }
        // The bridge's first: the guest knows it by its place, the other by its serial number.
        parts.disk().ifPresent(image -> argv.addAll(drive("bridge", image)));
        parts.files().ifPresent(image -> argv.addAll(drive(FileDisk.SERIAL, image)));
        return argv;
    }

    private String threads() {
        return program.parallel() ? "multi" : "single";
    }

    private static List<String> drive(String name, Path image) {
        return List.of(
                "-drive",
                "if=none,id=" + name + ",format=raw,readonly=on,file=" + value(image),
                "-device",
                "virtio-blk-pci,drive=" + name + ",serial=" + name);
    }

    /** QEMU's way to write a comma in a value. */
    private static String value(Path path) {
        return path.toString().replace(",", ",,");
    }
}
