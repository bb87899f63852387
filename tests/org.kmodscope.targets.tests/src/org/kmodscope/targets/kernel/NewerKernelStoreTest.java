/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
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
import org.kmodscope.core.kernel.Toolchain;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.DebianKernelStore;

/** Kernels that come with build tools of their own. */
@Timeout(180)
class NewerKernelStoreTest {

    private static final NullProgressMonitor NEVER = new NullProgressMonitor();
    private static final String TOOLS = "trixie-gcc-14";

    @TempDir Path temporary;

    private CacheDirectory cache;

    @BeforeEach
    void onDebianAlone() {
        assumeTrue(HostCommand.of("apt-get").locate().isPresent(), "there is no apt here");
        assumeTrue(HostCommand.of("dpkg-deb").locate().isPresent(), "there is no dpkg here");
        cache = CacheDirectory.at(temporary.resolve("cache"));
    }

    @Test
    void theNewestOfTheSeriesComesWithItsReleasesTools() throws Exception {
        Kernel kernel = store("7.3.4", "7.3.10", "7.2.12").require("debian-7.3", NEVER);
        assertEquals(NewerArchive.release("7.3.10", "deb13"), kernel.release());
        assertEquals("image of 7.3.10\n", Files.readString(kernel.image().orElseThrow()));
        assertEquals(Optional.of("gcc-14"), kernel.compiler());
        assertTrue(Files.isRegularFile(kernel.modules().orElseThrow().resolve("modules.dep")));
        Toolchain tools = kernel.toolchain().orElseThrow();
        assertEquals(cache.root().resolve("toolchains").resolve(TOOLS), tools.root());
        assertTrue(kernel.headers().startsWith(tools.kernel()), kernel.toString());
        for (String program : List.of("make", "gcc-14", "awk", "sparse")) {
            assertTrue(tools.has(program), program);
        }
        assertFalse(tools.has("../bin/make"), "a path is no program of theirs");
        assertFalse(Files.exists(tools.root().resolve("usr/share/doc")));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(tools.root())));
        // The sparse of forky does not run with the libc of trixie here.
        assertEquals("#!/bin/sh\n", Files.readString(tools.root().resolve("usr/bin/sparse")));
        assertEquals(List.of(TOOLS), content("toolchains"));
        for (String suite : List.of("trixie", "forky")) {
            assertFalse(Files.exists(cache.directory("apt", suite).resolve("debs")), suite);
        }
    }

    @Test
    void toolsAreSharedAndGoWithTheLastThatNeedsThem() throws Exception {
        DebianKernelStore store = store("7.3.4", "7.2.12");
        Kernel first = store.require("debian-7.2", NEVER);
        Kernel second = store.require("debian-7.3", NEVER);
        assertEquals(
                first.toolchain().orElseThrow().root(), second.toolchain().orElseThrow().root());
        store.remove("debian-7.2");
        assertEquals(List.of(TOOLS), content("toolchains"));
        assertEquals(Optional.of(second), store.find("debian-7.3"));
        store.remove("debian-7.3");
        assertEquals(List.of(), content("toolchains"));
    }

    @Test
    void aKernelWithoutItsToolsIsNotThereAndComesBack() throws Exception {
        DebianKernelStore store = store("7.3.4");
        Kernel kernel = store.require("debian-7.3", NEVER);
        Files.delete(kernel.toolchain().orElseThrow().root().resolve("usr/bin/gcc-14"));
        assertEquals(Optional.empty(), store.find("debian-7.3"));
        assertEquals(kernel, store.require("debian-7.3", NEVER));
        assertTrue(kernel.toolchain().orElseThrow().has("gcc-14"));
        assertEquals(List.of(TOOLS), content("toolchains"));
    }

    @Test
    void whatBackportsDroppedIsLookedForInTesting() throws Exception {
        NewerArchive archive = NewerArchive.create(temporary.resolve("archive"), "7.3.4");
        DebianKernelStore store = new DebianKernelStore(cache, archive.machine());
        KmodscopeException nowhere =
                assertThrows(KmodscopeException.class, () -> store.require("debian-7.2", NEVER));
        assertEquals(KmodscopeException.Kind.MISSING, nowhere.kind());
        archive.addToTesting("7.2.13");
        Kernel kernel = store.require("debian-7.2", NEVER);
        assertEquals(NewerArchive.release("7.2.13", "deb14"), kernel.release());
        assertEquals(List.of("forky-gcc-14"), content("toolchains"));
    }

    @Test
    void cancellingWhileToolsAreMadeLeavesNothing() throws Exception {
        DebianKernelStore store = store("7.3.4");
        for (String step : List.of("Finding", "Downloading", "Unpacking gcc", "Unpacking linux")) {
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
                    () -> store.require("debian-7.3", monitor),
                    step);
            assertEquals(List.of("debian-7.3.lock"), content("kernels"), step);
            boolean whole = step.endsWith("linux");
            assertEquals(whole ? List.of(TOOLS) : List.of(), content("toolchains"), step);
        }
        assertTrue(store.require("debian-7.3", NEVER).toolchain().isPresent());
    }

    private DebianKernelStore store(String... kernels) throws Exception {
        NewerArchive archive = NewerArchive.create(temporary.resolve("archive"), kernels);
        return new DebianKernelStore(cache, archive.machine());
    }

    private List<String> content(String directory) throws Exception {
        try (Stream<Path> children = Files.list(cache.directory(directory))) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
