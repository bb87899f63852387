/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
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
import org.kmodscope.core.KmodscopeException;
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
    void aDownloadIsCancelledAndLaterTakesWhatIsThere() throws Exception {
        DebianArchive archive = DebianArchive.create(root(), 1 << 20);
        String image = name(archive.deb("linux-image-" + DebianArchive.RELEASE));
        String last = name(archive.deb("linux-kbuild-6.1"));
        try (SlowMirror mirror = new SlowMirror(root(), last)) {
            DebianKernelStore store = store(archive, mirror);
            List<String> tasks = cancelInTheMiddle(store, mirror);
            assertEquals(List.of(KernelStore.DEFAULT_ID + ".lock"), content());

            Kernel kernel = store.require(KernelStore.DEFAULT_ID, new NullProgressMonitor());
            assertTrue(Files.isReadable(kernel.image().orElseThrow()));
            assertEquals(1, mirror.sent().stream().filter(image::equals).count());
            assertEquals(1, mirror.sent().stream().filter(last::equals).count());
            assertTrue(
                    tasks.stream().anyMatch(task -> task.matches("Downloading \\d+ MiB.*")),
                    tasks.toString());
        }
    }

    @Test
    void aPackageThatIsThereInPartGoesOnFromThere() throws Exception {
        DebianArchive archive = DebianArchive.create(root(), 1 << 20);
        Path image = archive.deb("linux-image-" + DebianArchive.RELEASE);
        try (SlowMirror mirror = new SlowMirror(root(), name(image))) {
            DebianKernelStore store = store(archive, mirror);
            cancelInTheMiddle(store, mirror);
            long part = partOf(image);
            store.require(KernelStore.DEFAULT_ID, new NullProgressMonitor());
            assertEquals(List.of(name(image) + " from " + part), mirror.rests());
        }
    }

    /** What is there is not trusted: all of it is compared with the archive's list. */
    @Test
    void aPartThatIsDamagedIsFetchedAnew() throws Exception {
        DebianArchive archive = DebianArchive.create(root(), 1 << 20);
        Path image = archive.deb("linux-image-" + DebianArchive.RELEASE);
        try (SlowMirror mirror = new SlowMirror(root(), name(image))) {
            DebianKernelStore store = store(archive, mirror);
            cancelInTheMiddle(store, mirror);
            partOf(image);
            damage(debs().resolve(name(image)));
            Kernel kernel = store.require(KernelStore.DEFAULT_ID, new NullProgressMonitor());
            assertTrue(Files.isReadable(kernel.image().orElseThrow()));
            assertEquals(1, mirror.rests().size(), "the rest was asked for");
            assertEquals(2, mirror.sent().stream().filter(name(image)::equals).count());
        }
    }

    /** apt takes a file of the right size for a good one. */
    @Test
    void aPackageThatWasDamagedAfterItsDownloadIsRefusedOnce() throws Exception {
        DebianArchive archive = DebianArchive.create(root(), 1 << 20);
        Path image = archive.deb("linux-image-" + DebianArchive.RELEASE);
        try (SlowMirror mirror = new SlowMirror(root(), name(archive.deb("linux-kbuild-6.1")))) {
            DebianKernelStore store = store(archive, mirror);
            cancelInTheMiddle(store, mirror);
            assertEquals(Files.size(image), Files.size(debs().resolve(name(image))));
            damage(debs().resolve(name(image)));
            KmodscopeException refused =
                    assertThrows(
                            KmodscopeException.class,
                            () -> store.require(KernelStore.DEFAULT_ID, new NullProgressMonitor()));
            assertTrue(refused.getMessage().contains(name(image)), refused::toString);
            assertEquals(List.of(KernelStore.DEFAULT_ID + ".lock"), content());
            store.require(KernelStore.DEFAULT_ID, new NullProgressMonitor());
        }
    }

    /** Begins a fetch, cancels it when half of the slow file is there; the tasks it told of. */
    private static List<String> cancelInTheMiddle(DebianKernelStore store, SlowMirror mirror)
            throws Exception {
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
        ExecutionException ended =
                assertThrows(ExecutionException.class, () -> fetch.get(60, TimeUnit.SECONDS));
        assertInstanceOf(OperationCanceledException.class, ended.getCause());
        return List.copyOf(tasks);
    }

    private Path root() {
        return temporary.resolve("archive");
    }

    private CacheDirectory cache() {
        return CacheDirectory.at(temporary.resolve("cache"));
    }

    private Path debs() throws Exception {
        return cache().directory("apt", "bookworm", "debs");
    }

    private DebianKernelStore store(DebianArchive archive, SlowMirror mirror) throws Exception {
        return new DebianKernelStore(
                cache(),
                archive.machine("deb [trusted=yes] " + mirror.address() + " bookworm main\n"));
    }

    /** How much of a package is there; some of it, else nothing is proved. */
    private long partOf(Path deb) throws Exception {
        long part = Files.size(debs().resolve(name(deb)));
        assertTrue(part > 0 && part < Files.size(deb), part + " bytes");
        return part;
    }

    private static void damage(Path file) throws Exception {
        FileTime time = Files.getLastModifiedTime(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, time);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private List<String> content() throws Exception {
        try (Stream<Path> children = Files.list(cache().directory("kernels"))) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
