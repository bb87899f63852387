/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.util.ArrayDeque;
import java.util.Deque;

/** Takes back, last first, what was built up, unless it is kept in the end. */
final class Undo implements AutoCloseable {

    private final Deque<AutoCloseable> built = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        built.push(part);
        return part;
    }

    void keep() {
        built.clear();
    }

    @Override
    public void close() {
        IllegalStateException failure = new IllegalStateException("not all could be taken back");
        while (!built.isEmpty()) {
            try {
                built.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
