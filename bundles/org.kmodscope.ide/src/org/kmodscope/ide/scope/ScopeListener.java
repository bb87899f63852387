/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import org.kmodscope.core.event.EventSnapshot;

/** Hears what becomes of a {@link ScopeController}; called on any thread, must return at once. */
public interface ScopeListener {

    /** State, choice, failure or stimulus changed; ask the controller. */
    default void changed() {}

    /** There is a new snapshot. */
    default void published(EventSnapshot snapshot) {}

    /** The kernel log grew. */
    default void logged() {}
}
