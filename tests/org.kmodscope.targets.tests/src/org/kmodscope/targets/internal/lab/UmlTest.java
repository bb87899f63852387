/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;

class UmlTest {

    private static final Path KERNEL = Path.of("/kernels/linux");
    private static final Path ROOT = Path.of("/runs/initramfs");
    private static final Path FILES = Path.of("/labs/files.ext4");

    @TempDir Path place;

    private List<String> commandLine(Sandbox sandbox, Optional<Path> disk) throws Exception {
        try (RunDirectory run = RunDirectory.create(CacheDirectory.at(place))) {
            return new Uml(sandbox)
                    .commandLine(new Hypervisor.Parts(KERNEL, ROOT, run, disk, Optional.of(FILES)));
        }
    }

    private static Sandbox open() {
        return new Sandbox(Optional.empty(), List.of(), Optional.of("not confined"));
    }

    @Test
    void itsFirstDiskIsTheBridgeOrSomethingThatIsThere() throws Exception {
        Path disk = Path.of("/labs/bridge.squashfs");
        assertTrue(commandLine(open(), Optional.of(disk)).contains("ubd0rc=" + disk));
        assertTrue(commandLine(open(), Optional.empty()).contains("ubd0rc=" + ROOT));
    }

    /** QEMU does not start with an image that somebody has locked. */
    @Test
    void disksAreSharedWithOtherLabs() throws Exception {
        List<String> argv = commandLine(open(), Optional.of(Path.of("/labs/bridge")));
        assertTrue(argv.contains("ubd1rc=" + FILES), argv::toString);
        assertTrue(argv.stream().noneMatch(each -> each.matches("ubd\\d[^=c]*=.*")));
    }

    @Test
    void confinedItSeesItsOwnFilesAndNoNetwork() throws Exception {
        Path library = Path.of("/lib/libc.so.6");
        Sandbox confined =
                new Sandbox(Optional.of(Path.of("/bwrap")), List.of(library), Optional.empty());
        List<String> argv = commandLine(confined, Optional.empty());
        List<String> before = argv.subList(argv.indexOf("/bwrap"), argv.indexOf("--"));
        assertTrue(before.contains("--unshare-all"), before::toString);
        assertTrue(before.contains("--die-with-parent"), before::toString);
        assertEquals(
                4,
                before.stream().filter("--ro-bind"::equals).count(),
                "library, kernel, root, files");
        assertFalse(before.contains("--bind"), before::toString);
        assertEquals(KERNEL.toString(), argv.get(argv.indexOf("--") + 1));
    }

    /** As in many containers. */
    @Test
    void namespacesThatMayHaveNoProcDoNotConfineIt() throws Exception {
        Path bubblewrap = place.resolve("bwrap");
        Files.writeString(
                bubblewrap,
                """
                #!/bin/sh
                case " $* " in *" --proc "*) echo "Can't mount proc" >&2; exit 1 ;; esac
                """);
        assertTrue(bubblewrap.toFile().setExecutable(true));
        Sandbox sandbox = Sandbox.of(bubblewrap, KERNEL, new NullProgressMonitor());
        assertEquals(Optional.empty(), sandbox.bubblewrap());
        assertTrue(sandbox.note().orElseThrow().contains("Can't mount proc"), sandbox::toString);
    }

    @Test
    void withoutASandboxItStartsAsItIsAndSaysSo() throws Exception {
        assertFalse(commandLine(open(), Optional.empty()).contains("--"));
        assertEquals(Optional.of("not confined"), new Uml(open()).note());
    }
}
