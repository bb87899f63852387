/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.util.List;

/** How a kind of machine shows its ports and its disks to the guest. */
enum Wiring {
    /** Virtio devices; older kernels have their drivers as modules. */
    VIRTIO(
            "/dev/vda",
            List.of("virtio_pci", "virtio_console"),
            List.of("virtio_blk", "squashfs"),
            List.of("virtio_blk", "ext4")) {
        @Override
        String argument(Port port) {
            return "virtio:" + port.label();
        }

        @Override
        String path(Port port) {
            return "/dev/virtio-ports/" + port.label();
        }
    },

    /** Serial lines and block devices of user-mode Linux, which our kernel has built in. */
    UML("/dev/ubda", List.of(), List.of(), List.of()) {
        @Override
        String argument(Port port) {
            return path(port);
        }

        @Override
        String path(Port port) {
            return "/dev/ttyS" + port.ordinal();
        }
    };

    private final String disk;
    private final List<String> portModules;
    private final List<String> diskModules;
    private final List<String> fileModules;

    Wiring(
            String disk,
            List<String> portModules,
            List<String> diskModules,
            List<String> fileModules) {
        this.disk = disk;
        this.portModules = portModules;
        this.diskModules = diskModules;
        this.fileModules = fileModules;
    }

    /** A port as the agent's command line names it. */
    abstract String argument(Port port);

    /** The file that programs in the guest open for a port, once the agent has prepared it. */
    abstract String path(Port port);

    /** The block device of the disk. */
    String disk() {
        return disk;
    }

    /** Modules that the ports need, where the kernel has them as modules. */
    List<String> portModules() {
        return portModules;
    }

    /** Modules that the disk with a file needs, where the kernel has them as modules. */
    List<String> fileModules() {
        return fileModules;
    }

    /** Modules that the disk needs, where the kernel has them as modules. */
    List<String> diskModules() {
        return diskModules;
    }
}
