/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

/** What is done with a driver on one kernel, in the order of the table's columns. */
public enum MatrixStep {
    /** Getting the kernel, which may have to be fetched. */
    KERNEL("release"),
    /** Compiling the module. */
    BUILD("build"),
    /** What the compiler says of the driver's own files at W=1. */
    WARNINGS("warnings"),
    /** What sparse says of the driver's own files. */
    SPARSE("sparse"),
    /** Starting the lab. */
    BOOT("boot"),
    /** Loading the module, once more than the probes run. */
    LOAD("load"),
    /** Running the project's probes, once after each load. */
    PROBES("probes"),
    /** Unloading the module, each time. */
    UNLOAD("unload"),
    /** What the kernel complained about from the first load on. */
    SPLATS("splats");

    private final String title;

    MatrixStep(String title) {
        this.title = title;
    }

    /** The heading of its column. */
    public String title() {
        return title;
    }
}
