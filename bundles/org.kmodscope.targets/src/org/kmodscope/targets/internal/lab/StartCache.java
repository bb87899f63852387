/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.GuestBridge;

/**
 * The bridge's classes and Java's own as they are after a start of the bridge, so that a lab need
 * not read, check and link them again: an ahead-of-time cache (JEP 514), which is what archives for
 * class data sharing have become. It comes from a rehearsal, a start of the bridge on this machine
 * with the lab's own runtime and a pipe in place of the device.
 *
 * <p>It holds no machine code, and Java goes without it where it does not fit. An older Java has
 * none.
 */
final class StartCache {

    /** The first Java that makes one in one step. */
    private static final int SINCE = 25;

    private static final String FILE = "/jdk/lib/bridge.aot";

    private StartCache() {}

    private static boolean isKnown() {
        return Runtime.version().feature() >= SINCE;
    }

    /** What Java in the lab is told of it. */
    static List<String> arguments() {
        return isKnown() ? List.of("-XX:AOTCache=" + FILE) : List.of();
    }

    /**
     * Puts one into a disk that is complete but for it. On a machine where the bridge cannot start,
     * the disk remains without: that is no reason why it could not start in a lab.
     *
     * @param root of the disk
     * @param program where in the disk the bridge is installed
     * @param work an empty directory
     */
    static void make(
            GuestBridge bridge, Path root, String program, Path work, IProgressMonitor monitor)
            throws IOException, KmodscopeException, InterruptedException {
        if (!isKnown()) {
            return;
        }
        monitor.subTask("Rehearsing a start of the bridge");
        Path pipe = work.resolve("pipe");
        Path made = work.resolve("cache");
        List<String> rehearsal = new ArrayList<>();
        rehearsal.add(root + "/jdk/bin/java");
        rehearsal.add("-XX:AOTCacheOutput=" + made);
        rehearsal.addAll(
                bridge.arguments(
                        root + program,
                        Files.createFile(work.resolve("port")).toString(),
                        new ArmRequest(pipe.toString(), true, 1)));
        // Its standard input has ended, so that it ends when it is armed.
        boolean done =
                HostCommand.of("mkfifo", "-m", "600", pipe.toString()).capture(monitor).exit() == 0
                        && HostCommand.of(rehearsal)
                                        .without(
                                                "JAVA_TOOL_OPTIONS",
                                                "JDK_JAVA_OPTIONS",
                                                "JDK_AOT_VM_OPTIONS")
                                        .capture(monitor)
                                        .exit()
                                == 0;
        if (done && Files.exists(made)) {
            Files.move(made, Path.of(root + FILE));
        }
    }
}
