/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSource;

/**
 * An open target. Methods may be called from any thread; they block until the target answered. When
 * the target dies, all of them fail with a LAB exception that says how, and {@link #ended}
 * completes.
 */
public interface TargetSession extends AutoCloseable {

    /** What this session runs on. */
    TargetInfo info();

    /**
     * A directory of the target for files of this session, absolute. Where the target is a machine
     * that goes on without it, nobody else can write there, and it goes when the session ends.
     */
    default String scratch() {
        return "/tmp";
    }

    /**
     * Copies a file into the target, replacing it.
     *
     * @param mode its permissions, such as {@code 0755}
     */
    void put(Path local, String remote, int mode) throws KmodscopeException, InterruptedException;

    /**
     * Loads a module of this machine's disk. A refusal (vermagic, missing symbol, init function
     * failed) is a FAILED exception whose text has the kernel's own words.
     */
    void load(Path module, List<String> parameters) throws KmodscopeException, InterruptedException;

    /** Unloads a module by its name; "still in use" is a FAILED exception. */
    void unload(String module) throws KmodscopeException, InterruptedException;

    /**
     * Starts a program of the target.
     *
     * @param argv program and arguments; no shell looks at them
     * @param output takes what it prints, on a thread of the session's
     */
    RemoteCommand start(List<String> argv, OutputSink output)
            throws KmodscopeException, InterruptedException;

    /**
     * The agent's stream of events: write calls of {@link #stimulate}, and what devices armed by
     * {@link #arm} signal. May be asked for once per session.
     */
    EventSource events() throws KmodscopeException;

    /**
     * Has the agent own, arm and watch a device. Fails when the device is not there or has no
     * fasync. Close the result to disarm.
     */
    Armed arm(ArmRequest request) throws KmodscopeException, InterruptedException;

    /**
     * Starts the JNA bridge inside the target, armed on the device, as a source of its own. It
     * returns when the bridge is armed.
     *
     * @throws KmodscopeException MISSING where no bridge can run there
     */
    EventSource bridge(ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;

    /**
     * Writes to a device, as asked, and returns when all is written or the monitor is cancelled.
     */
    StimulusResult stimulate(Stimulus stimulus, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;

    /**
     * Hands every further line of the kernel log to the listener, after those that are already
     * there, on a thread of the session's. Closing the result ends it, from any thread; no line
     * follows but the one that is being handed over. A listener that waits for an answer of the
     * session may wait for ever.
     */
    Subscription onKernelLog(Consumer<KernelLogLine> listener);

    /**
     * Completes when the target is gone: with how it ended. A session closed by its owner completes
     * with {@link TargetEnd.Closed}.
     */
    CompletionStage<TargetEnd> ended();

    /** Ends the target and everything that belongs to it, in at most two seconds. */
    @Override
    void close();

    /** An armed device. */
    interface Armed extends AutoCloseable {

        /** The number that the events of this device carry as their stream. */
        int stream();

        /** Disarms; no event of the device follows. */
        @Override
        void close() throws KmodscopeException, InterruptedException;
    }

    /** Something that can be ended without failing. */
    interface Subscription extends AutoCloseable {

        @Override
        void close();
    }
}
