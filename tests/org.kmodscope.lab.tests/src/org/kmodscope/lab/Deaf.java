/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import org.kmodscope.core.debug.DebugRun;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.target.TargetInfo;

/** Hears nothing, for tests that read the report at the end. */
public final class Deaf implements ProbeRun.Listener, DebugRun.Listener {

    @Override
    public void phase(String what) {}

    @Override
    public void opened(TargetInfo lab) {}

    @Override
    public void found(Finding finding) {}

    @Override
    public void out(String line) {}

    @Override
    public void err(String line) {}
}
