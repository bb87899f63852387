/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kmodscope.targets.internal.agent.AgentOnHost.MONITOR;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;

@Timeout(60)
class NativeProgramsTest {

    @TempDir Path cache;

    @Test
    void theyAreCompiledOnce() throws Exception {
        CacheDirectory place = CacheDirectory.at(cache);
        NativePrograms first = NativePrograms.require(place, MONITOR);
        assertTrue(Files.isExecutable(first.agent()));
        assertTrue(Files.isExecutable(first.supervisor()));
        var time = Files.getLastModifiedTime(first.agent());
        // With no compiler there is no second time.
        NativePrograms second = NativePrograms.require(place, "no-such-compiler", MONITOR);
        assertEquals(first, second);
        assertEquals(time, Files.getLastModifiedTime(second.agent()));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(first.agent().getParent().getParent())));
    }

    @Test
    void withoutACompilerItIsSaidWhatToInstallAndNothingIsLeft() throws Exception {
        CacheDirectory place = CacheDirectory.at(cache);
        for (String compiler : List.of("no-such-compiler", "false")) {
            KmodscopeException failure =
                    assertThrows(
                            KmodscopeException.class,
                            () -> NativePrograms.require(place, compiler, MONITOR));
            assertEquals(KmodscopeException.Kind.MISSING, failure.kind());
            assertTrue(failure.remedy().contains("gcc libc6-dev"), failure.remedy());
        }
        try (Stream<Path> left = Files.list(cache.resolve("agent"))) {
            assertEquals(List.of("lock"), left.map(file -> "" + file.getFileName()).toList());
        }
    }
}
