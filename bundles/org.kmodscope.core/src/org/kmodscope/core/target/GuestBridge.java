/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The JNA bridge as a program that runs inside a target: what a lab needs to know to put it on a
 * disk and start it, without knowing the bridge. The started program writes event records (header
 * first) to the port, prints the line {@code armed} once it is armed, ends cleanly when its
 * standard input ends, and on failure prints one line for people on standard error and exits
 * non-zero.
 *
 * <p>A port has no end of file. So the last thing that the program prints at a clean end is the
 * line {@code ended N}: it wrote N records, and whoever reads them can stop after that many. Before
 * it stands {@code held N} when N of its requests could not be cancelled, and the kernel does not
 * let the program go before they are done.
 */
public interface GuestBridge {

    /** Modules of the JDK to link into the runtime image. */
    Set<String> modules();

    /** Changes whenever {@link #install} would write something else. */
    String fingerprint() throws IOException;

    /** Writes jars and native libraries into an empty directory. */
    void install(Path directory) throws IOException;

    /**
     * What follows {@code java} on the command line.
     *
     * @param directory where the installed files are in the target
     * @param port the file in the target to write records to
     */
    List<String> arguments(String directory, String port, ArmRequest request);
}
