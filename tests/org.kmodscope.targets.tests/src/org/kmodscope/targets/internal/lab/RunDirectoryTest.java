/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;

class RunDirectoryTest {

    @TempDir Path place;

    @Test
    void itIsPrivateAndGoneAtTheEnd() throws Exception {
        Path path;
        try (RunDirectory run = RunDirectory.create(CacheDirectory.at(place))) {
            path = run.path();
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            Files.writeString(path.resolve("file"), "content");
        }
        assertFalse(Files.exists(path));
    }

    /** Often: a name has a random number in it, and its length differs. */
    @RepeatedTest(50)
    void aLongPathStillHasRoomForSockets() throws Exception {
        Path deep = place.resolve("a".repeat(100)).resolve("ü".repeat(50));
        Path home;
        try (RunDirectory run = RunDirectory.create(CacheDirectory.at(deep));
                ServerSocketChannel socket =
                        ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            home = run.path().getParent();
            assertFalse(run.path().startsWith(deep));
            socket.bind(UnixDomainSocketAddress.of(run.socket(Port.CONTROL)));
        }
        assertFalse(Files.exists(home));
    }

    @Test
    void theDeadAreRemovedAndTheLivingAreNot() throws Exception {
        CacheDirectory cache = CacheDirectory.at(place);
        Path runs = cache.directory("runs");
        Path dead = Files.createDirectory(runs.resolve("run-1-dead"));
        Files.createFile(dead.resolve("lock"));
        Files.createFile(dead.resolve("initramfs"));
        Path unborn = Files.createDirectory(runs.resolve("new-1"));
        Path forgotten = Files.createDirectory(runs.resolve("new-2"));
        Files.setLastModifiedTime(
                forgotten, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        try (RunDirectory first = RunDirectory.create(cache);
                RunDirectory second = RunDirectory.create(cache)) {
            assertFalse(Files.exists(dead));
            assertTrue(Files.exists(unborn));
            assertFalse(Files.exists(forgotten));
            assertTrue(Files.exists(first.path()));
            // The second has not taken the first one's lock away: another process still meets it.
            assertTrue(isLocked(first.path().resolve("lock")));
            assertTrue(isLocked(second.path().resolve("lock")));
        }
    }

    @Test
    void aRunOfAnEarlierProcessWithOurNumberIsRemoved() throws Exception {
        CacheDirectory cache = CacheDirectory.at(place);
        String pid = String.valueOf(ProcessHandle.current().pid());
        Path dead = Files.createDirectory(cache.directory("runs").resolve("run-" + pid + "-1"));
        Files.createFile(dead.resolve("lock"));
        try (RunDirectory run = RunDirectory.create(cache)) {
            assertFalse(Files.exists(dead));
            assertTrue(Files.exists(run.path()));
        }
    }

    @Test
    void theDeadElsewhereAreRemovedToo() throws Exception {
        CacheDirectory cache = CacheDirectory.at(place.resolve("a".repeat(100)));
        Path temporary = Files.createDirectory(place.resolve("t"));
        Path home = Files.createDirectory(temporary.resolve("kmodscope-run-1-1-x"));
        Path dead = Files.createDirectory(home.resolve("run-1-1-y"));
        Files.createFile(dead.resolve("lock"));
        Path empty = Files.createDirectory(temporary.resolve("kmodscope-run-2-1-x"));
        Files.setLastModifiedTime(empty, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Path outside = Files.createDirectory(place.resolve("outside"));
        Files.createFile(Files.createDirectory(outside.resolve("run-3-1-z")).resolve("lock"));
        Files.createSymbolicLink(temporary.resolve("kmodscope-run-3-1-x"), outside);
        try (RunDirectory first = RunDirectory.create(cache, temporary);
                RunDirectory second = RunDirectory.create(cache, temporary)) {
            assertFalse(Files.exists(dead));
            assertFalse(Files.exists(empty));
            assertTrue(Files.exists(outside.resolve("run-3-1-z")));
            assertTrue(Files.exists(first.path()) && first.path().startsWith(temporary));
            assertTrue(Files.exists(second.path()));
        }
    }

    /** By the kernel's own list: a file's inode is on it while it is locked. */
    private static boolean isLocked(Path file) throws Exception {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readString(Path.of("/proc/locks")).contains(inode);
    }
}
