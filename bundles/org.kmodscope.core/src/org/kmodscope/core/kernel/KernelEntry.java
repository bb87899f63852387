/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.kernel;

/**
 * One line of the list of kernels.
 *
 * @param id the name users type
 * @param title what it is, for people
 * @param state whether it can be used now
 * @param bytes what it takes on disk; 0 unless {@link State#READY}
 * @param download about how many bytes a fetch transfers, as it was when this version was made; 0
 *     unless {@link State#AVAILABLE}
 */
public record KernelEntry(String id, String title, State state, long bytes, long download) {

    /** One of which nothing is to be transferred. */
    public KernelEntry(String id, String title, State state, long bytes) {
        this(id, title, state, bytes, 0);
    }

    /** Whether it is a directory of the user's, which the store names and does not own. */
    public boolean named() {
        return id.startsWith("/");
    }

    /** Whether a kernel can be used now. */
    public enum State {
        /** Complete in the store. */
        READY,
        /** Can be fetched. */
        AVAILABLE,
        /**
         * Cannot be fetched, and is not here; the title says what would have to be done, such as to
         * install a package.
         */
        LACKING,
        /** Known by name; a later version of kmodscope brings it. */
        NOT_YET
    }
}
