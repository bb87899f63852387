/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

/** The ports of a lab, in the order in which machines that number them do. */
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
}
