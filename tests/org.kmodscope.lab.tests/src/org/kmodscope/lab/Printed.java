/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;

/** What a program in a lab printed, and its status. */
class Printed implements OutputSink {

    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private volatile int status = -1;

    /** Runs a program to its end. */
    static Printed by(TargetSession session, String... argv) throws Exception {
        Printed printed = new Printed();
        try (RemoteCommand command = session.start(List.of(argv), printed)) {
            printed.status = command.waitFor(Workshop.MONITOR);
        }
        return printed;
    }

    int status() {
        return status;
    }

    synchronized String text() {
        return all.toString();
    }

    @Override
    public synchronized void out(byte[] bytes) {
        all.writeBytes(bytes);
    }

    @Override
    public synchronized void err(byte[] bytes) {
        all.writeBytes(bytes);
    }

    @Override
    public String toString() {
        return status + ": " + text();
    }
}
