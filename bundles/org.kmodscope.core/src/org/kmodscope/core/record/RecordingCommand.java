/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.RemoteCommand;

/** Writes down how a program ended, and that it was dealt with; not what it was told. */
final class RecordingCommand implements RemoteCommand {

    private final RemoteCommand command;
    private final RecordWriter writer;
    private final long call;
    private final AtomicBoolean ended = new AtomicBoolean();

    RecordingCommand(RemoteCommand command, RecordWriter writer, long call) {
        this.command = command;
        this.writer = writer;
        this.call = call;
    }

    @Override
    public int waitFor(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        try {
            int status = command.waitFor(monitor);
            if (!ended.getAndSet(true)) {
                writer.of(RecordLine.Kind.EXIT, call, Integer.toString(status));
            }
            return status;
        } catch (KmodscopeException failure) {
            if (!ended.getAndSet(true)) {
                writer.failure(RecordLine.Kind.LOST, call, failure);
            }
            throw failure;
        }
    }

    @Override
    public void write(byte[] bytes) throws KmodscopeException, InterruptedException {
        writer.of(RecordLine.Kind.DID, call, "wrote " + bytes.length + " bytes");
        command.write(bytes);
    }

    @Override
    public void closeInput() throws KmodscopeException, InterruptedException {
        writer.of(RecordLine.Kind.DID, call, "ended its input");
        command.closeInput();
    }

    @Override
    public void signal(int number) throws KmodscopeException, InterruptedException {
        writer.of(RecordLine.Kind.DID, call, "sent signal " + number);
        command.signal(number);
    }

    @Override
    public void close() {
        command.close();
    }
}
