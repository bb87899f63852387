/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.Optional;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.project.DriverProject;

/**
 * What the user chose in the toolbar.
 *
 * @param driver the driver to work on; empty while there is none
 * @param target where to run it
 * @param source who watches the device
 * @param io how, where it is the bridge
 */
public record ScopeChoice(
        Optional<DriverProject> driver, TargetSpec target, ScopeSource source, IoChoice io) {

    /** Nothing yet, on the default kernel, watched by the agent. */
    public static ScopeChoice initial() {
        return new ScopeChoice(
                Optional.empty(),
                new TargetSpec.Qemu(KernelStore.DEFAULT_ID),
                ScopeSource.AGENT,
                IoChoice.initial());
    }

    /** The same with another driver. */
    public ScopeChoice withDriver(Optional<DriverProject> other) {
        return new ScopeChoice(other, target, source, io);
    }

    /** The same with another target. */
    public ScopeChoice withTarget(TargetSpec other) {
        return new ScopeChoice(driver, other, source, io);
    }

    /** The same with another source. */
    public ScopeChoice withSource(ScopeSource other) {
        return new ScopeChoice(driver, target, other, io);
    }

    /** The same with other models of I/O. */
    public ScopeChoice withIo(IoChoice other) {
        return new ScopeChoice(driver, target, source, other);
    }

    /** Who watches the device, and how, for people. */
    public String watchTitle() {
        return switch (source) {
            case AGENT -> source.title() + " · " + IoOffer.title("sigio");
            case BRIDGE -> source.title() + " · " + io.title();
        };
    }

    /** What to open: the target, with the bridge in it when it is to be used. */
    TargetSpec opening() {
        return target.withBridge(source == ScopeSource.BRIDGE);
    }

    /** Whether an open target does for this choice. */
    boolean servedBy(TargetSpec open) {
        TargetSpec wanted = opening();
        // A lab with the bridge does what one without it does.
        return open.equals(wanted)
                || open instanceof TargetSpec.Qemu(String kernel, boolean bridge, MachineSize size)
                        && bridge
                        && wanted.equals(new TargetSpec.Qemu(kernel, false, size))
                || open instanceof TargetSpec.Uml(String kernel, boolean bridge)
                        && bridge
                        && wanted.equals(new TargetSpec.Uml(kernel, false));
    }

    /** The driver's name, for people. */
    String driverName() {
        return driver.map(found -> found.project().getName()).orElse("");
    }
}
