/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelEntry.State;
import org.kmodscope.targets.DebianKernelStore;

/** The store with kernels that the user has built. */
class KernelDirectoriesTest {

    private static final NullProgressMonitor NEVER = new NullProgressMonitor();

    @TempDir Path temporary;

    private CacheDirectory cache;

    @BeforeEach
    void emptyCache() {
        cache = CacheDirectory.at(temporary.resolve("cache"));
    }

    @Test
    void aDirectoryIsAKernelByItsPath() throws Exception {
        Path tree = Files.createDirectories(temporary.resolve("linux/include/generated"));
        Files.writeString(tree.resolve("utsrelease.h"), "#define UTS_RELEASE \"6.6.6\"\n");
        Path linux = temporary.resolve("linux");
        Files.writeString(linux.resolve("Makefile"), "");
        Kernel kernel = new DebianKernelStore(cache).require(linux.toString(), NEVER);
        assertEquals("6.6.6", kernel.release());
        assertEquals(linux.toRealPath(), kernel.headers());
    }

    @Test
    void aDirectoryThatIsNamedIsListedUntilItIsRemoved() throws Exception {
        Path linux = temporary.resolve("linux");
        Path generated = Files.createDirectories(linux.resolve("include/generated"));
        Files.writeString(generated.resolve("utsrelease.h"), "#define UTS_RELEASE \"6.6.6\"\n");
        Files.writeString(linux.resolve("Makefile"), "");
        Files.createSymbolicLink(temporary.resolve("build"), linux);
        DebianKernelStore store = new DebianKernelStore(cache);
        int before = store.list().size();
        store.add(linux);
        store.add(temporary.resolve("build"));
        DebianKernelStore next = new DebianKernelStore(cache);
        assertEquals(before + 1, next.list().size(), "it is one directory");
        KernelEntry entry = next.list().getLast();
        assertEquals(linux.toRealPath().toString(), entry.id());
        assertEquals(State.READY, entry.state());
        assertTrue(entry.title().contains("6.6.6, to build for: it has no image"), entry.title());
        assertTrue(entry.named());
        assertEquals("6.6.6", next.require(entry.id(), NEVER).release());

        Files.delete(linux.resolve("Makefile"));
        KernelEntry broken = next.list().getLast();
        assertEquals(State.LACKING, broken.state());
        assertTrue(broken.title().contains("Makefile is not there"), broken.title());
        KmodscopeException refused =
                assertThrows(KmodscopeException.class, () -> next.add(temporary));
        assertEquals(Kind.USAGE, refused.kind());
        next.remove(entry.id());
        assertEquals(before, next.list().size());
        assertTrue(Files.isDirectory(generated), "nothing of it is touched");
    }
}
