/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** A FIFO and the shared memory beside it, for one run. */
record Stage(Path fifo, SharedLoop loop) implements AutoCloseable {

    /** Makes both, under new names. */
    static Stage in(Path directory) throws KmodscopeException, InterruptedException {
        try {
            Path own = Files.createTempDirectory(directory, "run");
            Path fifo = own.resolve("fifo");
            Captured made =
                    HostCommand.of("mkfifo", "-m", "600", fifo.toString())
                            .providedBy("coreutils")
                            .capture(new NullProgressMonitor());
            if (made.exit() != 0) {
                throw new IOException(made.words());
            }
            return new Stage(fifo, SharedLoop.create(own.resolve("shared")));
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "No FIFO can be made in " + directory + ": " + e.getMessage(),
                    "Name a directory of a local file system with --dir.",
                    e);
        }
    }

    @Override
    public void close() throws KmodscopeException {
        try {
            Files.delete(fifo);
            Files.delete(loop.file());
            Files.delete(fifo.getParent());
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING, "What a run left cannot be removed: " + e.getMessage(), "", e);
        }
    }
}
