/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.kmodscope.core.KmodscopeException;

/** Writers that all get the same; one that fails gets nothing more. Owned by one thread. */
final class WriterGroup {

    private final List<EventWriter> writers = new ArrayList<>();
    private final Consumer<KmodscopeException> onFailure;

    WriterGroup(Consumer<KmodscopeException> onFailure) {
        this.onFailure = onFailure;
    }

    void add(EventWriter writer) {
        writers.add(writer);
    }

    void write(String source, long time, long head, long request, long result, long tail) {
        for (int each = writers.size() - 1; each >= 0; each--) {
            try {
                writers.get(each).write(source, time, head, request, result, tail);
            } catch (IOException e) {
                drop(writers.remove(each), e);
            }
        }
    }

    void flush() {
        for (int each = writers.size() - 1; each >= 0; each--) {
            try {
                writers.get(each).flush();
            } catch (IOException e) {
                drop(writers.remove(each), e);
            }
        }
    }

    void close() {
        for (EventWriter writer : writers) {
            try {
                writer.close();
            } catch (IOException e) {
                onFailure.accept(failure(e));
            }
        }
        writers.clear();
    }

    private void drop(EventWriter writer, IOException why) {
        try {
            writer.close();
        } catch (IOException e) {
            // A full disk fails twice, in the same object or in another.
            if (e != why) {
                why.addSuppressed(e);
            }
        }
        onFailure.accept(failure(why));
    }

    private static KmodscopeException failure(IOException why) {
        return new KmodscopeException(
                KmodscopeException.Kind.FAILED,
                "The events could not all be written: " + why.getMessage() + ".",
                "Make room on the disk, or name a file elsewhere, and record again.",
                why);
    }
}
