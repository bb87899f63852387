/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.core.runtime.ILogListener;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Platform;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test during which anything in the platform logged an error. */
public final class NothingLogged implements BeforeEachCallback, AfterEachCallback, ILogListener {

    private final List<String> errors = new CopyOnWriteArrayList<>();

    @Override
    public void beforeEach(@Nullable ExtensionContext context) {
        errors.clear();
        Platform.addLogListener(this);
    }

    @Override
    public void afterEach(@Nullable ExtensionContext context) {
        Platform.removeLogListener(this);
        assertEquals(List.of(), List.copyOf(errors), "errors were logged");
    }

    @Override
    public void logging(@Nullable IStatus status, @Nullable String plugin) {
        if (status != null && status.matches(IStatus.ERROR)) {
            errors.add(plugin + ": " + status.getMessage());
        }
    }
}
