/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;

class FileDiskTest {

    @TempDir Path temporary;

    @Test
    void itIsAnExt4ImageMadeOnce() throws Exception {
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("a cache"));
        Optional<Path> made = FileDisk.find(cache, new NullProgressMonitor());
        assumeTrue(made.isPresent(), "there is no mke2fs on this machine");
        Path image = made.orElseThrow();
        byte[] start = Files.readAllBytes(image);
        // The magic number in its super block, fs/ext4/ext4.h.
        assertEquals(0xEF53, (start[0x438] & 0xff) | (start[0x439] & 0xff) << 8);
        var when = Files.getLastModifiedTime(image);
        assertEquals(made, FileDisk.find(cache, new NullProgressMonitor()));
        assertEquals(when, Files.getLastModifiedTime(image));
        try (Stream<Path> left = Files.list(image.toAbsolutePath().getParent())) {
            assertEquals(
                    List.of(),
                    left.filter(file -> file.getFileName().toString().startsWith("new-")).toList());
        }
    }
}
