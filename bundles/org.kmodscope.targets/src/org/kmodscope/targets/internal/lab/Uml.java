/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.target.TargetInfo.Acceleration;

/**
 * User-mode Linux: the kernel itself is a program of this machine (Documentation/virt/uml). It has
 * no virtio; its serial lines are the connections that the supervisor makes and it inherits.
 *
 * @param sandbox what confines it
 */
public record Uml(Sandbox sandbox) implements Hypervisor {

    private static final int MEMORY_MIB = 768;
    private static final int FIRST_CONNECTION = 3; // supervisor.c

    /**
     * SLUB's own debugging is off: together with KASAN it reports what is no fault, which taints
     * the kernel and turns lockdep off. The log holds what a walk over many faults prints.
     */
    private static final List<String> KERNEL_ARGUMENTS =
            List.of(
                    "con=null",
                    "con0=null,fd:1",
                    "ssl=null",
                    "rdinit=/init",
                    "slub_debug=-",
                    "panic=-1",
                    "oops=panic",
                    "loglevel=4",
                    "log_buf_len=4M");

    @Override
    public String title() {
        return "UML";
    }

    @Override
    public Acceleration acceleration() {
        return Acceleration.UML;
    }

    @Override
    public Optional<String> note() {
        return sandbox.note();
    }

    @Override
    public Wiring wiring() {
        return Wiring.UML;
    }

    @Override
    public List<String> commandLine(Parts parts) {
        List<String> argv = new ArrayList<>();
        for (Port port : Port.values()) {
            argv.addAll(List.of("--connect", parts.run().socket(port).toString()));
        }
        List<Path> files = new ArrayList<>(List.of(parts.kernel(), parts.initramfs()));
        parts.disk().ifPresent(files::add);
        parts.files().ifPresent(files::add);
        argv.addAll(sandbox.around(files));
        argv.add(parts.kernel().toString());
        argv.add("mem=" + MEMORY_MIB + "M");
        argv.add("initrd=" + parts.initramfs());
        argv.add("uml_dir=" + sandbox.scratch(parts.run().path()));
        // Read-only and shared ("rc"): QEMU does not start with an image that somebody has locked.
        // It always has a first disk, and complains when nobody says which file that is.
        argv.add("ubd0rc=" + parts.disk().orElse(parts.initramfs()));
        parts.files().ifPresent(image -> argv.add("ubd1rc=" + image));
        argv.addAll(KERNEL_ARGUMENTS);
        for (Port port : Port.values()) {
            argv.add("ssl" + port.ordinal() + "=fd:" + (FIRST_CONNECTION + port.ordinal()));
        }
        return argv;
    }
}
