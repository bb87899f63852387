/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.debug.core.IStreamListener;
import org.eclipse.debug.core.model.IStreamMonitor;
import org.eclipse.jdt.annotation.Nullable;

/** What a probe printed on one of its streams, as the console reads it. Thread-safe. */
final class ConsoleText implements IStreamMonitor {

    private final List<IStreamListener> listeners = new CopyOnWriteArrayList<>();
    private final StringBuilder contents = new StringBuilder();

    /** Adds text; listeners hear of it in the order in which it was added. */
    synchronized void append(String text) {
        contents.append(text);
        for (IStreamListener listener : listeners) {
            listener.streamAppended(text, this);
        }
    }

    @Override
    public synchronized String getContents() {
        return contents.toString();
    }

    @Override
    public void addListener(@Nullable IStreamListener listener) {
        if (listener != null && !listeners.contains(listener)) {
            listeners.add(listener);
        }
    }

    @Override
    public void removeListener(@Nullable IStreamListener listener) {
        listeners.remove(listener);
    }
}
