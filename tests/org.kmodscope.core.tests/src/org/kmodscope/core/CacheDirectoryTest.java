/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException.Kind;

@Timeout(60)
@SuppressWarnings("try") // a lock is there to be held, not to be looked at
class CacheDirectoryTest {

    // Surefire's own JVM has nothing but a booter on its class path.
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir Path temporary;

    @Test
    void followsTheXdgSpecification() throws Exception {
        assertEquals(
                Path.of("/x/kmodscope"),
                CacheDirectory.of(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h")).root());
        assertEquals(
                Path.of("/h/.cache/kmodscope"), CacheDirectory.of(Map.of("HOME", "/h")).root());
        assertEquals(
                Path.of("/h/.cache/kmodscope"),
                CacheDirectory.of(Map.of("XDG_CACHE_HOME", "relative", "HOME", "/h")).root());
        KmodscopeException none =
                assertThrows(KmodscopeException.class, () -> CacheDirectory.of(Map.of()));
        assertEquals(Kind.USAGE, none.kind());
    }

    @Test
    void directoriesBelongToTheUserAlone() throws Exception {
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("not/yet/there"));
        Path made = cache.directory("a", "b");
        assertEquals(made, cache.directory("a", "b"), "a second time is no failure");
        for (Path each : new Path[] {cache.root(), made.getParent(), made}) {
            assertEquals("rwx------", mode(each), each.toString());
        }
    }

    @Test
    void ownDirectoriesThatAreTooOpenAreTightened() throws Exception {
        Path home = temporary.resolve("home");
        CacheDirectory cache = CacheDirectory.at(home.resolve("kmodscope"));
        Path made = cache.directory("a", "b");
        for (Path each : List.of(home, cache.root(), made.getParent(), made)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        cache.directory("a", "b");
        for (Path each : List.of(cache.root(), made.getParent(), made)) {
            assertEquals("rwx------", mode(each), each.toString());
        }
        assertEquals("rwxrwxrwx", mode(home), "it is not kmodscope's");
    }

    @Test
    void directoriesOfSomebodyElseAreRefused() throws Exception {
        assumeTrue(Files.getAttribute(temporary, "unix:uid").equals(0), "only root can give away");
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("cache"));
        Path made = cache.directory("a", "b");
        for (Path each : List.of(cache.root(), made.getParent(), made)) {
            Files.setAttribute(each, "unix:uid", 65_534);
            assertRefused(cache, each, "belongs to user 65534");
            Files.setAttribute(each, "unix:uid", 0);
        }
        assertEquals(made, cache.directory("a", "b"));
    }

    @Test
    void linksInsideAreRefused() throws Exception {
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("cache"));
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(cache.directory("a").resolve("b"), elsewhere);
        assertRefused(cache, link, "symbolic link");
    }

    @Test
    void theCacheMayBeALinkOfTheUsers() throws Exception {
        Path elsewhere = Files.createDirectories(temporary.resolve("big/disk"));
        Path link = Files.createSymbolicLink(temporary.resolve("cache"), elsewhere);
        CacheDirectory cache = CacheDirectory.at(link);
        assertEquals(link.resolve("a/b"), cache.directory("a", "b"));
        assertTrue(Files.isDirectory(elsewhere.resolve("a/b")));
        assertEquals("rwx------", mode(elsewhere));
    }

    @Test
    void aLinkOfSomebodyElseIsNoCache() throws Exception {
        assumeTrue(Files.getAttribute(temporary, "unix:uid").equals(0), "only root can give away");
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(temporary.resolve("cache"), elsewhere);
        assertEquals(
                0, new ProcessBuilder("chown", "-h", "65534", link.toString()).start().waitFor());
        assertRefused(CacheDirectory.at(link), link, "belongs to user 65534");
    }

    private static void assertRefused(CacheDirectory cache, Path why, String words) {
        KmodscopeException refused =
                assertThrows(KmodscopeException.class, () -> cache.directory("a", "b"));
        assertEquals(Kind.USAGE, refused.kind());
        assertTrue(refused.getMessage().contains(why + " "), refused.getMessage());
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
        assertFalse(refused.remedy().isEmpty());
    }

    private static String mode(Path directory) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
    }

    @Test
    void nothingOutsideIsMade() {
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("cache"));
        assertThrows(IllegalArgumentException.class, () -> cache.directory("..", "x"));
        assertThrows(IllegalArgumentException.class, () -> cache.directory("/etc/x"));
    }

    @Test
    void aFileInTheWayIsAFailureThatSaysSo() throws Exception {
        Files.writeString(temporary.resolve("cache"), "in the way");
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("cache"));
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> cache.directory("a"));
        assertEquals(Kind.MISSING, failure.kind());
        assertTrue(failure.getMessage().contains(cache.root().toString()), failure.getMessage());
        assertFalse(failure.remedy().isEmpty());
    }

    @Test
    void oneThreadAtATimeHoldsALock() throws Exception {
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("cache"));
        Path file = cache.directory("locks").resolve("one");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CompletableFuture<?>[] all = new CompletableFuture<?>[4];
        for (int i = 0; i < all.length; i++) {
            all[i] =
                    CompletableFuture.runAsync(
                            () -> {
                                for (int turn = 0; turn < 20; turn++) {
                                    try (var lock = cache.lock(file, new NullProgressMonitor())) {
                                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                        inside.decrementAndGet();
                                    } catch (KmodscopeException | InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                }
                            });
        }
        CompletableFuture.allOf(all).get(30, TimeUnit.SECONDS);
        assertEquals(1, most.get());
    }

    @Test
    void waitingForALockCanBeCancelled() throws Exception {
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("cache"));
        Path file = cache.directory("locks").resolve("one");
        NullProgressMonitor cancelled = new NullProgressMonitor();
        cancelled.setCanceled(true);
        try (var lock = cache.lock(file, new NullProgressMonitor())) {
            assertThrows(OperationCanceledException.class, () -> cache.lock(file, cancelled));
            CacheDirectory same = CacheDirectory.at(cache.root());
            assertThrows(
                    OperationCanceledException.class,
                    () -> same.lock(file, cancelled),
                    "another instance in the same JVM");
        }
        cache.lock(file, cancelled).close(); // a free lock is taken without waiting
    }

    @Test
    void otherProcessesWaitAndADeadOneGivesBack() throws Exception {
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("cache"));
        Path file = cache.directory("locks").resolve("one");
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                CLASS_PATH,
                                LockHolder.class.getName(),
                                cache.root().toString(),
                                file.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("held", out.readLine());
            NullProgressMonitor cancelled = new NullProgressMonitor();
            cancelled.setCanceled(true);
            assertThrows(OperationCanceledException.class, () -> cache.lock(file, cancelled));
        } finally {
            holder.destroyForcibly();
        }
        assertTrue(holder.waitFor(10, TimeUnit.SECONDS));
        cache.lock(file, new NullProgressMonitor()).close();
    }

    /** A process that takes a lock, says so and holds it until it is killed. */
    static final class LockHolder {

        private LockHolder() {}

        public static void main(String[] arguments) throws Exception {
            CacheDirectory cache = CacheDirectory.at(Path.of(arguments[0]));
            try (var lock = cache.lock(Path.of(arguments[1]), new NullProgressMonitor())) {
                System.out.println("held");
                System.in.read();
            }
        }
    }
}
