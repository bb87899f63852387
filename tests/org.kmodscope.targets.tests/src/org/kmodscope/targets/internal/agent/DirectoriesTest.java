/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoriesTest {

    @TempDir Path place;

    @Test
    void twoThatRemoveTheSameDirectoryBothFindItGone() throws Exception {
        for (int round = 0; round < 20; round++) {
            Path tree = Files.createDirectory(place.resolve("tree"));
            for (int i = 0; i < 20; i++) {
                Path directory = Files.createDirectory(tree.resolve("d" + i));
                for (int j = 0; j < 20; j++) {
                    Files.createFile(directory.resolve("f" + j));
                }
            }
            CyclicBarrier start = new CyclicBarrier(2);
            List<FutureTask<Boolean>> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                FutureTask<Boolean> one =
                        new FutureTask<>(
                                () -> {
                                    start.await();
                                    Directories.delete(tree);
                                    return Files.exists(tree);
                                });
                both.add(one);
                Thread.ofPlatform().daemon().start(one);
            }
            for (FutureTask<Boolean> one : both) {
                assertFalse(one.get(20, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        Path outside = Files.writeString(place.resolve("outside"), "kept");
        Path tree = Files.createDirectory(place.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), place);
        Directories.delete(tree);
        Directories.delete(tree);
        assertEquals("kept", Files.readString(outside));
        assertTrue(Files.notExists(tree));
    }
}
