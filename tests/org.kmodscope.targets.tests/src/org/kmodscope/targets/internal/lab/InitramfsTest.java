/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsTest {

    @TempDir Path work;

    private Path write(String name) throws IOException {
        Path file = work.resolve(name);
        try (Initramfs image = new Initramfs(file)) {
            image.directory("/bin");
            image.device("/dev/console", 5, 1);
            image.file("/bin/é", 0750, "content".getBytes());
            image.link("/bin/sh", "é");
        }
        return file;
    }

    @Test
    void whatIsWrittenIsWhatAKernelFinds() throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        try (CpioArchiveInputStream in =
                new CpioArchiveInputStream(
                        new GZIPInputStream(Files.newInputStream(write("a"))), "UTF-8")) {
            for (CpioArchiveEntry entry = in.getNextEntry();
                    entry != null;
                    entry = in.getNextEntry()) {
                String content = new String(in.readAllBytes());
                String device =
                        entry.isCharacterDevice()
                                ? entry.getRemoteDeviceMaj() + ":" + entry.getRemoteDeviceMin()
                                : "";
                found.put(
                        entry.getName(),
                        Long.toOctalString(entry.getMode()) + " " + device + content);
            }
        }
        assertEquals(
                Map.of(
                        "bin", "40755 ",
                        "dev/console", "20600 5:1",
                        "bin/é", "100750 content",
                        "bin/sh", "120777 é"),
                found);
    }

    @Test
    void equalContentGivesEqualBytes() throws IOException {
        assertArrayEquals(Files.readAllBytes(write("a")), Files.readAllBytes(write("b")));
    }

    @Test
    void aProgramThatNeedsALoaderIsKnown() throws IOException {
        assertFalse(BootImage.isStatic(Files.readAllBytes(Path.of("/bin/sh").toRealPath())));
        assertTrue(BootImage.isStatic(Files.readAllBytes(Path.of("/bin/busybox"))));
        assertFalse(BootImage.isStatic("#!/bin/sh\n".getBytes()));
        byte[] damaged = Files.readAllBytes(Path.of("/bin/busybox"));
        damaged[39] = 0x7f;
        assertFalse(BootImage.isStatic(damaged));
    }
}
