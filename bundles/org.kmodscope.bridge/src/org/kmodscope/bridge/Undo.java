/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.ArrayDeque;

/** What has to be undone, in reverse order, when something is not finished. */
final class Undo implements AutoCloseable {

    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();

    /** Adds a step that {@link #close} undoes. */
    void with(Runnable step) {
        steps.push(step);
    }

    /** All is well: {@link #close} does nothing. */
    void nothing() {
        steps.clear();
    }

    @Override
    public void close() {
        steps.forEach(Runnable::run);
    }
}
