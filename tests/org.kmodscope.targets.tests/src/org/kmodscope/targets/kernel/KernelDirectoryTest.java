/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
import org.kmodscope.targets.internal.agent.Directories;

/** Directories of the user's own as kernels of the store. */
class KernelDirectoryTest {

    private static final NullProgressMonitor NEVER = new NullProgressMonitor();

    @TempDir Path temporary;

    private CacheDirectory cache;

    @BeforeEach
    void anEmptyCache() {
        cache = CacheDirectory.at(temporary.resolve("cache"));
    }

    private DebianKernelStore store() {
        return new DebianKernelStore(cache, Map.of("HOME", temporary.toString()));
    }

    private static Path prepared(Path linux) throws Exception {
        Path generated = Files.createDirectories(linux.resolve("include/generated"));
        Files.writeString(generated.resolve("utsrelease.h"), "#define UTS_RELEASE \"6.6.6\"\n");
        Files.writeString(linux.resolve("Makefile"), "");
        return linux;
    }

    @Test
    void aDirectoryIsAKernelByItsPath() throws Exception {
        Path linux = prepared(temporary.resolve("linux"));
        Kernel kernel = store().require(linux.toString(), NEVER);
        assertEquals("6.6.6", kernel.release());
        assertEquals(linux.toRealPath(), kernel.headers());
    }

    @Test
    void aDirectoryThatIsNamedIsListedUntilItIsRemoved() throws Exception {
        Path linux = prepared(temporary.resolve("linux"));
        Files.createSymbolicLink(temporary.resolve("build"), linux);
        DebianKernelStore store = store();
        int before = store.list().size();
        store.add(linux);
        store.add(temporary.resolve("build"));
        DebianKernelStore next = store();
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
        assertTrue(
                Files.isDirectory(linux.resolve("include/generated")), "nothing of it is touched");
    }

    @Test
    void whatAUserNamedOutlivesTheCache() throws Exception {
        Path linux = prepared(temporary.resolve("linux"));
        store().add(linux);
        Directories.delete(cache.root());
        assertEquals(linux.toRealPath().toString(), store().list().getLast().id());
        Path list = temporary.resolve(".config/kmodscope/kernels.txt");
        assertEquals(linux.toRealPath() + "\n", Files.readString(list));
    }

    @Test
    void aListThatWasEditedByHandHasItsPaths() throws Exception {
        Path linux = prepared(temporary.resolve("linux"));
        int before = store().list().size();
        Path list = temporary.resolve(".config/kmodscope/kernels.txt");
        Files.createDirectories(list.getParent());
        Files.writeString(list, "\n# mine\n" + linux + "\n\n");
        assertEquals(before + 1, store().list().size());
        assertEquals(linux.toString(), store().list().getLast().id());
    }

    @Test
    void aListThatCannotBeReadIsNamed() throws Exception {
        Path list = temporary.resolve(".config/kmodscope/kernels.txt");
        Files.createDirectories(list);
        KmodscopeException failure = assertThrows(KmodscopeException.class, () -> store().list());
        assertTrue(failure.getMessage().contains(list.toString()), failure::toString);
        assertTrue(failure.remedy().contains("permissions"), failure.remedy());
    }
}
