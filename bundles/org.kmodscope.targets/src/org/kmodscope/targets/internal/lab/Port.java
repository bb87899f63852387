/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

/** The virtio-serial ports of a lab. */
enum Port {
    CONTROL("kmodscope.control"),
    EVENTS("kmodscope.events"),
    BRIDGE("kmodscope.bridge");

    private final String label;

    Port(String label) {
        this.label = label;
    }

    /** Its name for QEMU and in the guest's sysfs. */
    String label() {
        return label;
    }

    /** Where the agent makes it reachable in the guest. */
    String guestPath() {
        return "/dev/virtio-ports/" + label;
    }
}
