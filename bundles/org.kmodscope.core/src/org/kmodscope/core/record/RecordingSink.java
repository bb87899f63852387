/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import org.kmodscope.core.target.OutputSink;

/** Writes down what a program prints before it passes it on. */
record RecordingSink(OutputSink sink, RecordWriter writer, long call) implements OutputSink {

    @Override
    public void out(byte[] bytes) {
        writer.printed(RecordLine.Kind.OUT, call, bytes);
        sink.out(bytes);
    }

    @Override
    public void err(byte[] bytes) {
        writer.printed(RecordLine.Kind.ERR, call, bytes);
        sink.err(bytes);
    }
}
