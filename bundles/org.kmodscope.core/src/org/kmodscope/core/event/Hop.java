/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/** A step from a cause to its effect whose duration is measured. */
public enum Hop {
    /** From the start of a write call to the arrival of the signal it caused. */
    WRITE_TO_SIGIO("write → SIGIO"),
    /** From the kernel's generating a signal to its arrival. */
    GENERATED_TO_SIGIO("generated → SIGIO"),
    /** From the arrival of a signal to the end of the read call that answered it. */
    SIGIO_TO_READ("SIGIO → read"),
    /** From the start of a write call to the end of the read call that its signal led to. */
    WRITE_TO_READ("write → read"),
    /**
     * From the start of a write call to the end of the read or request that brought its last byte,
     * whatever told the reader; measured where several models take turns.
     */
    WRITE_TO_DATA("write → data"),
    /** From handing over an asynchronous request to its completion. */
    AIO("submit → complete");

    private final String title;

    Hop(String title) {
        this.title = title;
    }

    /** Its name for people. */
    public String title() {
        return title;
    }
}
