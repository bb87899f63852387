/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedLibrariesTest {

    @Test
    void librariesAndTheLoaderAreFound() {
        String ldd =
                """
                /root/jdk/bin/java:
                \tlinux-vdso.so.1 (0x00007ffd1c5f2000)
                \tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f0a1c000000)
                \tlibjli.so => /root/jdk/bin/../lib/libjli.so (0x00007f0a1c100000)
                \tlibjvm.so => not found
                \t/lib64/ld-linux-x86-64.so.2 (0x00007f0a1c200000)
                /root/jdk/lib/libnet.so:
                \tstatically linked
                \tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f0a1c000000)
                """;
        assertEquals(
                Set.of(
                        Path.of("/lib/x86_64-linux-gnu/libz.so.1"),
                        Path.of("/root/jdk/bin/../lib/libjli.so"),
                        Path.of("/lib64/ld-linux-x86-64.so.2")),
                SharedLibraries.parse(ldd));
        assertEquals(Set.of("libjvm.so"), SharedLibraries.missing(ldd, List.of()));
        assertEquals(
                Set.of(),
                SharedLibraries.missing(ldd, List.of(Path.of("/root/jdk/lib/server/libjvm.so"))));
        assertEquals(Set.of(), SharedLibraries.parse("\tnot a dynamic executable\n"));
    }
}
