/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;

/**
 * What leads to an agent that runs as {@code kmodscope-agent --stdio --home DIRECTORY}. The end of
 * its input ends the agent.
 */
public interface Line extends AutoCloseable {

    /** The machine there, for people: {@code this machine}, {@code the board pi}. */
    String where();

    /** What the agent's home is, absolute, there. */
    String home();

    /** The agent's standard output. */
    InputStream answers();

    /** The agent's standard input. */
    OutputStream requests();

    /**
     * The agent's events, from the socket {@code events} in its home, which is there once the agent
     * has greeted. Asked for once; the caller owns the channel. Does not block for long.
     */
    ReadableByteChannel events() throws IOException;

    /** What the agent printed on its standard error until now; its beginning where it was much. */
    String complaints();

    /** Completes with the reason, for people, when nothing comes over the line any more. */
    CompletableFuture<String> ended();

    /** Ends it and what belongs to it here, in at most a second. */
    @Override
    void close();
}
