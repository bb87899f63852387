/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {

    @TempDir Path work;

    @Test
    void namesWhatIsWrongAndNoClass() {
        Path missing = work.resolve("missing");
        assertEquals(
                missing + " does not exist",
                Reason.of(assertThrows(IOException.class, () -> Files.readString(missing))));
        assertEquals(
                work + " exists already",
                Reason.of(assertThrows(IOException.class, () -> Files.createDirectory(work))));
        assertEquals("/x: permission denied", Reason.of(new AccessDeniedException("/x")));
        assertEquals(
                "/x: No space left on device",
                Reason.of(new FileSystemException("/x", null, "No space left on device")));
        assertEquals(
                "No space left on device",
                Reason.of(new UncheckedIOException(new IOException("No space left on device"))));
    }

    @Test
    void aFailureWithoutWordsHasItsName() {
        assertEquals("java.io.EOFException", Reason.of(new EOFException()));
    }
}
