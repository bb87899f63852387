/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.DebianKernelStore;

/** Downloads that stop in their middle. */
@Timeout(180)
class DownloadTest {

    @TempDir Path temporary;

    @BeforeEach
    void onDebianAlone() {
        assumeTrue(HostCommand.of("apt-get").locate().isPresent(), "there is no apt here");
        assumeTrue(HostCommand.of("dpkg-deb").locate().isPresent(), "there is no dpkg here");
    }

    @Test
    void aDownloadIsCancelledAtOnceAndLaterTakesWhatIsThere() throws Exception {
        Path root = temporary.resolve("archive");
        DebianArchive archive = DebianArchive.create(root, 1 << 20);
        String image = name(archive.deb("linux-image-" + DebianArchive.RELEASE));
        String last = name(archive.deb("linux-kbuild-6.1"));
        CacheDirectory cache = CacheDirectory.at(temporary.resolve("cache"));
        try (SlowMirror mirror = new SlowMirror(root, last)) {
            Map<String, String> machine =
                    archive.machine("deb [trusted=yes] " + mirror.address() + " bookworm main\n");
            DebianKernelStore store = new DebianKernelStore(cache, machine);
            ConcurrentLinkedQueue<String> tasks = new ConcurrentLinkedQueue<>();
            NullProgressMonitor monitor =
                    new NullProgressMonitor() {
                        @Override
                        public void subTask(String name) {
                            tasks.add(name);
                        }
                    };
            CompletableFuture<Kernel> fetch =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return store.require(KernelStore.DEFAULT_ID, monitor);
                                } catch (Exception e) {
                                    throw e instanceof RuntimeException running
                                            ? running
                                            : new IllegalStateException(e);
                                }
                            },
                            task -> new Thread(task, "fetch").start());
            assertTrue(mirror.awaitMiddle(), "the download began");
            monitor.setCanceled(true);
            long start = System.nanoTime();
            ExecutionException ended =
                    assertThrows(ExecutionException.class, () -> fetch.get(30, TimeUnit.SECONDS));
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertInstanceOf(OperationCanceledException.class, ended.getCause());
            assertTrue(millis < 1_000, "cancelled after " + millis + " ms");
            assertEquals(List.of(KernelStore.DEFAULT_ID + ".lock"), content(cache));

            Kernel kernel = store.require(KernelStore.DEFAULT_ID, new NullProgressMonitor());
            assertTrue(Files.isReadable(kernel.image().orElseThrow()));
            assertEquals(1, mirror.sent().stream().filter(image::equals).count());
            assertEquals(1, mirror.sent().stream().filter(last::equals).count());
            assertTrue(
                    tasks.stream().anyMatch(task -> task.matches("Downloading \\d+ MiB.*")),
                    tasks.toString());
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static List<String> content(CacheDirectory cache) throws Exception {
        try (Stream<Path> children = Files.list(cache.directory("kernels"))) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
