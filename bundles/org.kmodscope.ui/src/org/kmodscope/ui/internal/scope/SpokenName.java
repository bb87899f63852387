/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.function.Supplier;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.widgets.Control;

/** What a screen reader says of a control that has no text of its own. */
public final class SpokenName extends AccessibleAdapter {

    private final Supplier<String> name;

    private SpokenName(Supplier<String> name) {
        this.name = name;
    }

    /** The name is asked for each time, on the UI thread. */
    public static void give(Control control, Supplier<String> name) {
        control.getAccessible().addAccessibleListener(new SpokenName(name));
    }

    @Override
    public void getName(@Nullable AccessibleEvent event) {
        if (event != null) {
            event.result = name.get();
        }
    }
}
