/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelEntry.State;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.DebianKernelStore;

/** The store with the machine's own apt and dpkg, against an archive of small kernel packages. */
@Timeout(180)
class DebianKernelStoreTest {

    private static final String ID = KernelStore.DEFAULT_ID;
    private static final NullProgressMonitor NEVER = new NullProgressMonitor();

    @TempDir Path temporary;

    private CacheDirectory cache;

    @BeforeEach
    void onDebianAlone() {
        assumeTrue(HostCommand.of("apt-get").locate().isPresent(), "there is no apt here");
        assumeTrue(HostCommand.of("dpkg-deb").locate().isPresent(), "there is no dpkg here");
        cache = CacheDirectory.at(temporary.resolve("cache"));
    }

    @Test
    void aKernelIsFetchedCompleteAndThenNeedsNoArchive() throws Exception {
        DebianArchive archive = archive();
        DebianKernelStore store = store(archive);
        assertEquals(State.AVAILABLE, entry(store).state());
        assertTrue(entry(store).download() > 0, "about how much is to come");
        assertEquals(Optional.empty(), store.find(ID));

        Kernel kernel = store.require(ID, NEVER);
        assertEquals(ID, kernel.id());
        assertEquals(DebianArchive.RELEASE, kernel.release());
        assertEquals(Optional.of("gcc-12"), kernel.compiler());
        assertEquals("an image\n", Files.readString(kernel.image().orElseThrow()));
        assertTrue(Files.isRegularFile(kernel.modules().orElseThrow().resolve("modules.dep")));
        assertTrue(
                Files.isExecutable(kernel.headers().resolve("scripts/scripts/checker-valid.sh")));
        assertEquals(
                kernel.headers().toRealPath(),
                kernel.modules().orElseThrow().resolve("build").toRealPath());
        assertEquals(List.of(ID, ID + ".lock"), content("kernels"));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(cache.directory("kernels").resolve(ID))));
        assertFalse(
                Files.exists(cache.directory("kernels").resolve(ID).resolve("root/usr/share")),
                "documentation is not kept");
        assertEquals(State.READY, entry(store).state());
        assertTrue(entry(store).bytes() > 0);
        assertFalse(Files.exists(cache.directory("apt", "bookworm").resolve("debs")));

        DebianKernelStore offline =
                new DebianKernelStore(cache, archive.machine("deb http://127.0.0.1:1/x y z\n"));
        assertEquals(Optional.of(kernel), offline.find(ID));
        assertEquals(kernel, offline.require(ID, NEVER));
    }

    @Test
    void headersWorkWhereverTheCacheIsMoved() throws Exception {
        Kernel kernel = store(archive()).require(ID, NEVER);
        assertTrue(make(kernel).startsWith("common " + cache.root().toRealPath()), make(kernel));
        Path other = temporary.resolve("other");
        Files.move(cache.root(), other);
        Kernel moved =
                new DebianKernelStore(CacheDirectory.at(other), System.getenv())
                        .find(ID)
                        .orElseThrow();
        assertTrue(make(moved).startsWith("common " + other.toRealPath()), make(moved));
    }

    @Test
    void aTruncatedPackageIsRefusedAndNothingIsLeft() throws Exception {
        DebianArchive archive = archive();
        Path deb = archive.deb("linux-image-" + DebianArchive.RELEASE);
        byte[] whole = Files.readAllBytes(deb);
        Files.write(deb, java.util.Arrays.copyOf(whole, whole.length / 2));
        refused(archive, "not what the archive's list promises");

        archive.relist("linux-image-" + DebianArchive.RELEASE);
        refused(archive, "cannot be unpacked");

        Files.write(deb, whole);
        archive.relist("linux-image-" + DebianArchive.RELEASE);
        assertEquals(ID, store(archive).require(ID, NEVER).id(), "a good one then works");
    }

    @Test
    void aPackageThatHoldsSomethingElseIsRefused() throws Exception {
        DebianArchive archive = archive();
        Files.copy(
                archive.deb("linux-kbuild-6.1"),
                archive.deb("linux-image-" + DebianArchive.RELEASE),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        archive.relist("linux-image-" + DebianArchive.RELEASE);
        refused(archive, "do not hold headers, image and modules");
    }

    @Test
    void aMissingPackageIsNamed() throws Exception {
        DebianArchive archive = archive();
        Files.delete(archive.deb("linux-kbuild-6.1"));
        refused(archive, "");
        KmodscopeException other =
                assertThrows(
                        KmodscopeException.class,
                        () -> store(archive).require("debian-6.12", NEVER));
        assertEquals(Kind.MISSING, other.kind());
        assertTrue(
                other.getMessage().contains("linux-image-6.12.*-cloud-amd64"), other.getMessage());
    }

    @Test
    void severalAtOnceLeaveOneGoodKernel() throws Exception {
        DebianArchive archive = archive();
        Map<String, String> machine = archive.machine();
        List<Process> processes = new ArrayList<>();
        List<CompletableFuture<Kernel>> fetches = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                ProcessBuilder fetch =
                        new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classPath(),
                                Fetch.class.getName(),
                                cache.root().toString());
                fetch.environment().putAll(machine);
                processes.add(fetch.inheritIO().start());
            }
            for (int i = 0; i < 3; i++) {
                fetches.add(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return new DebianKernelStore(cache, machine)
                                                .require(ID, NEVER);
                                    } catch (KmodscopeException | InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                },
                                task -> new Thread(task).start()));
            }
            Kernel first = fetches.getFirst().get(120, TimeUnit.SECONDS);
            for (CompletableFuture<Kernel> fetch : fetches) {
                assertEquals(first, fetch.get(120, TimeUnit.SECONDS));
            }
            for (Process process : processes) {
                assertTrue(process.waitFor(120, TimeUnit.SECONDS));
                assertEquals(0, process.exitValue());
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
        assertEquals(List.of(ID, ID + ".lock"), content("kernels"));
        assertEquals(ID, store(archive).find(ID).orElseThrow().id());
    }

    @Test
    void cancellingLeavesNothing() throws Exception {
        DebianArchive archive = archive();
        for (String step : List.of("Reading", "Downloading", "Unpacking", "Preparing")) {
            NullProgressMonitor monitor =
                    new NullProgressMonitor() {
                        @Override
                        public void subTask(String name) {
                            if (name.startsWith(step)) {
                                setCanceled(true);
                            }
                        }
                    };
            assertThrows(
                    OperationCanceledException.class,
                    () -> store(archive).require(ID, monitor),
                    step);
            assertTrue(monitor.isCanceled(), step);
            assertEquals(List.of(ID + ".lock"), content("kernels"), step);
        }
        assertEquals(ID, store(archive).require(ID, NEVER).id());
    }

    @Test
    void aDamagedKernelIsAbsentAndFetchedAgain() throws Exception {
        DebianArchive archive = archive();
        Kernel kernel = store(archive).require(ID, NEVER);
        Files.delete(kernel.image().orElseThrow());
        assertEquals(Optional.empty(), store(archive).find(ID));
        assertEquals(State.AVAILABLE, entry(store(archive)).state());
        assertEquals(kernel, store(archive).require(ID, NEVER));
        assertTrue(Files.exists(kernel.image().orElseThrow()));
        assertEquals(List.of(ID, ID + ".lock"), content("kernels"));
    }

    @Test
    void whatAKilledFetchLeftIsSweptUp() throws Exception {
        DebianArchive archive = archive();
        Path left = cache.directory("kernels", "." + ID + "_12345");
        Files.createDirectories(left.resolve("root/usr"));
        store(archive).require(ID, NEVER);
        assertEquals(List.of(ID, ID + ".lock"), content("kernels"));
    }

    @Test
    void removing() throws Exception {
        DebianArchive archive = archive();
        store(archive).require(ID, NEVER);
        store(archive).remove(ID);
        assertEquals(Optional.empty(), store(archive).find(ID));
        assertEquals(List.of(ID + ".lock"), content("kernels"));
        store(archive).remove(ID);
        for (String other : List.of("host", "../x", "")) {
            KmodscopeException refused =
                    assertThrows(KmodscopeException.class, () -> store(archive).remove(other));
            assertEquals(Kind.USAGE, refused.kind(), other);
        }
    }

    @Test
    void badDaysSayWhatToDo() throws Exception {
        DebianArchive archive = archive();
        String mirror = "deb [trusted=yes] http://127.0.0.1:1/debian bookworm main\n";
        KmodscopeException network = refused(archive.machine(mirror), "cannot be reached");
        assertTrue(network.remedy().contains("network"), network.remedy());
        refused(archive.machine("# nothing\n"), "no Debian archive");
        refused(archive.machine("deb http://x/ubuntu noble main\n"), "no Debian archive");
        KmodscopeException noApt = refused(Map.of("PATH", "/nowhere"), "no apt");
        assertTrue(noApt.remedy().contains("--kernel host"), noApt.remedy());
        String unsigned = "deb file:" + temporary.resolve("archive") + " bookworm main\n";
        refused(archive.machine(unsigned), "signature cannot be verified");
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothing() throws Exception {
        Path small = Files.createDirectories(temporary.resolve("small"));
        Captured mounted =
                HostCommand.of("mount", "-t", "tmpfs", "-o", "size=220m", "tmpfs", small.toString())
                        .capture(NEVER);
        assumeTrue(mounted.exit() == 0, "only root can make a small disk: " + mounted.words());
        try {
            cache = CacheDirectory.at(small.resolve("cache"));
            DebianArchive archive = DebianArchive.create(temporary.resolve("archive"), 150 << 20);
            KmodscopeException full = refused(archive, "cannot be unpacked");
            assertTrue(full.getMessage().contains("No space left"), full.getMessage());
            assertTrue(full.remedy().contains("Free space"), full.remedy());

            Files.write(small.resolve("filler"), new byte[60 << 20]);
            KmodscopeException before = refused(archive, "The disk is full");
            assertTrue(before.remedy().contains("XDG_CACHE_HOME"), before.remedy());
        } finally {
            assertEquals(0, HostCommand.of("umount", small.toString()).capture(NEVER).exit());
        }
    }

    @Test
    void allNamesAreKnown() throws Exception {
        DebianKernelStore store =
                new DebianKernelStore(cache, Map.of("HOME", temporary.toString()));
        assertEquals(
                List.of(
                        "debian-5.10",
                        "debian-6.1",
                        "debian-6.12",
                        "debian-7.2",
                        "debian-7.3",
                        "debian-6.1-arm64",
                        "host",
                        "uml-debug",
                        "qemu-debug"),
                store.list().stream().map(KernelEntry::id).toList());
        assertEquals(Optional.empty(), store.find("uml-debug"));
        assertEquals(Optional.empty(), store.find("qemu-debug"));
        for (String unknown : List.of("", "debian", "debian-6.1 ", "..", "6.1")) {
            KmodscopeException refused =
                    assertThrows(KmodscopeException.class, () -> store.find(unknown));
            assertEquals(Kind.USAGE, refused.kind());
            assertTrue(refused.remedy().contains("debian-6.1"), refused.remedy());
        }
    }

    /** A process that fetches the kernel. */
    static final class Fetch {

        private Fetch() {}

        public static void main(String[] arguments) throws Exception {
            new DebianKernelStore(CacheDirectory.at(Path.of(arguments[0])), System.getenv())
                    .require(ID, NEVER);
        }
    }

    /** What this class was loaded from; some runners put nothing but themselves on the path. */
    private static String classPath() {
        return DebianKernelStoreTest.class.getClassLoader() instanceof URLClassLoader loader
                ? Stream.of(loader.getURLs())
                        .map(URL::getPath)
                        .collect(Collectors.joining(File.pathSeparator))
                : System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private DebianArchive archive() throws Exception {
        return DebianArchive.create(temporary.resolve("archive"), 0);
    }

    private DebianKernelStore store(DebianArchive archive) throws Exception {
        return new DebianKernelStore(cache, archive.machine());
    }

    private static KernelEntry entry(DebianKernelStore store) throws KmodscopeException {
        return store.list().stream().filter(each -> each.id().equals(ID)).findFirst().orElseThrow();
    }

    private KmodscopeException refused(DebianArchive archive, String words) throws Exception {
        return refused(archive.machine(), words);
    }

    private KmodscopeException refused(Map<String, String> machine, String words) throws Exception {
        DebianKernelStore store = new DebianKernelStore(cache, machine);
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> store.require(ID, NEVER));
        assertEquals(Kind.MISSING, failure.kind(), failure.getMessage());
        assertTrue(failure.getMessage().contains(words), failure.getMessage());
        assertFalse(failure.remedy().isEmpty());
        assertEquals(List.of(ID + ".lock"), content("kernels"), "nothing is left");
        assertEquals(Optional.empty(), store.find(ID));
        return failure;
    }

    private List<String> content(String directory) throws Exception {
        try (Stream<Path> children = Files.list(cache.directory(directory))) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String make(Kernel kernel) throws Exception {
        return HostCommand.of("make", "-s", "-C", kernel.headers().toString()).capture(NEVER).out();
    }
}
