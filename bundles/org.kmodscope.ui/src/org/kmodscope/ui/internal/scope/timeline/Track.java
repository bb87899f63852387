/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.List;
import org.kmodscope.core.event.Lane;
import org.kmodscope.ui.internal.visual.EventLook;

/**
 * The lanes of the picture, from top to bottom. Notification and asynchronous I/O never share one.
 * Each shows one or more lanes of the model.
 */
public enum Track {
    WRITE(Group.CAUSE, "Write calls", EventLook.WRITE, 52, Lane.WRITE),
    SIGIO_IN(Group.NOTIFICATION, "SIGIO in", EventLook.SIGIO_IN, 48, Lane.SIGIO_IN),
    READ(Group.NOTIFICATION, "Read calls", EventLook.READ, 40, Lane.READ),
    SIGIO_OUT(Group.NOTIFICATION, "SIGIO out", EventLook.SIGIO_OUT, 40, Lane.SIGIO_OUT),
    AIO(Group.AIO, "AIO requests", EventLook.AIO_SUBMIT, 88, Lane.AIO),
    WORK(Group.KERNEL, "Work items", EventLook.WORK, 36, Lane.WORK),
    LOG(Group.KERNEL, "Kernel log", EventLook.LOG, 32, Lane.KERNEL_LOG);

    /** What lanes belong to. */
    public enum Group {
        CAUSE("Cause"),
        NOTIFICATION("Notification"),
        AIO("Async I/O"),
        KERNEL("Kernel");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /** What stands at the left edge. */
        public String title() {
            return title;
        }
    }

    private final Group group;
    private final String title;
    private final EventLook look;
    private final int height;
    private final List<Lane> lanes;

    Track(Group group, String title, EventLook look, int height, Lane... lanes) {
        this.group = group;
        this.title = title;
        this.look = look;
        this.height = height;
        this.lanes = List.of(lanes);
    }

    /** What it belongs to. */
    public Group group() {
        return group;
    }

    /** Its name. */
    public String title() {
        return title;
    }

    /** The look that stands for it in legends. */
    public EventLook look() {
        return look;
    }

    /** Its height in pixels where there is room for all. */
    int height() {
        return height;
    }

    /** The lanes of the model that it shows. */
    List<Lane> lanes() {
        return lanes;
    }
}
