/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.time.Duration;
import java.util.List;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.target.TargetInfo;

/**
 * Shows events as they come: a table that is redrawn on a terminal, one line a second elsewhere.
 */
final class WatchDisplay implements Observation.Display {

    private final Terminal terminal;
    private final EventView view;

    private long second;

    WatchDisplay(Terminal terminal, TargetInfo target) {
        this.terminal = terminal;
        view = new EventView(terminal.outFace(), target);
    }

    @Override
    public void show(EventSnapshot snapshot, Duration since) {
        if (terminal.outFace().tty()) {
            terminal.block(view.live(snapshot, since));
        } else if (since.toSeconds() > second) {
            second = since.toSeconds();
            terminal.data(view.summary(snapshot, since));
        }
    }

    /** Shows the counts and percentiles of all that was seen. */
    void end(Observation.Seen seen) {
        terminal.block(List.of());
        view.end(seen.snapshot(), seen.elapsed()).forEach(terminal::data);
    }
}
