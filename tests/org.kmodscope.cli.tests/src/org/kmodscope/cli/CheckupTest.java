/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kmodscope.cli.internal.terminal.Screen;

class CheckupTest {

    @TempDir Path java;

    private final Screen screen = Screen.pipes();
    private final Answers machine = new Answers();

    /** A machine that has everything, until a test takes something away. */
    private final class Answers implements Machine {

        private final Set<String> lacking = new HashSet<>();
        private long free = 10_000_000_000L;
        private boolean staticBusybox = true;
        private String libc = "/usr/lib/libc.a";
        private String signals = "95000";

        @Override
        public Optional<Path> program(String name) {
            return lacking.contains(name)
                    ? Optional.empty()
                    : Optional.of(Path.of("/usr/bin", name));
        }

        @Override
        public boolean succeeds(String... argv) {
            return argv[0].equals("ldd") ? !staticBusybox : !lacking.contains(argv[0]);
        }

        @Override
        public Optional<String> firstLine(String... argv) {
            return Optional.of(libc);
        }

        @Override
        public Optional<String> text(Path file) {
            return Optional.of("Max pending signals       " + signals + "   95000   signals\n");
        }

        @Override
        public boolean usable(Path file) {
            return !lacking.contains(file.toString());
        }

        @Override
        public Optional<Long> free(Path directory) {
            return Optional.of(free);
        }

        @Override
        public Path javaHome() {
            return java;
        }
    }

    @BeforeEach
    void aFullJdk() throws Exception {
        Path jlink = Files.createDirectories(java.resolve("bin")).resolve("jlink");
        assertTrue(Files.createFile(jlink).toFile().setExecutable(true));
    }

    private Exit examine() throws InterruptedException {
        List<Checkup.Finding> findings = new Checkup(machine, Path.of("/cache")).run();
        return DoctorCommand.report(screen.terminal(), findings);
    }

    @Test
    void aHealthyMachineNeedsNothing() throws Exception {
        assertEquals(Exit.SUCCESS, examine());
        assertFalse(screen.out().contains("apt install"), screen.out());
    }

    @ParameterizedTest
    @CsvSource({
        "make,make",
        "gcc,gcc",
        "gcc-12,gcc-12",
        "apt-get,apt",
        "dpkg,dpkg",
        "depmod,kmod",
        "qemu-system-x86_64,qemu-system-x86",
        "busybox,busybox-static",
        "mksquashfs,squashfs-tools"
    })
    void eachMissingToolIsNamedWithItsPackage(String tool, String debianPackage) throws Exception {
        machine.lacking.add(tool);
        assertEquals(Exit.MISSING, examine());
        assertTrue(screen.out().contains("sudo apt install " + debianPackage), screen.out());
    }

    @Test
    void oneCommandInstallsAllThatIsMissing() throws Exception {
        machine.lacking.addAll(List.of("make", "gcc-12", "sparse"));
        assertEquals(Exit.MISSING, examine());
        assertTrue(screen.out().contains("apt install make gcc-12 sparse\n"), screen.out());
    }

    @Test
    void aDynamicBusyboxIsNone() throws Exception {
        machine.staticBusybox = false;
        assertEquals(Exit.MISSING, examine());
        assertTrue(screen.out().contains("busybox-static"), screen.out());
    }

    @Test
    void gccPrintsABareNameForALibraryThatIsNotThere() throws Exception {
        machine.libc = "libc.a";
        assertEquals(Exit.MISSING, examine());
        assertTrue(screen.out().contains("libc6-dev"), screen.out());
    }

    @Test
    void aJreIsNotEnough() throws Exception {
        Files.delete(java.resolve("bin/jlink"));
        assertEquals(Exit.MISSING, examine());
        assertTrue(screen.out().contains("full JDK"), screen.out());
    }

    @Test
    void aFullDiskIsMissingSpace() throws Exception {
        machine.free = 500_000_000L;
        assertEquals(Exit.MISSING, examine());
        assertTrue(screen.out().contains("500 MB free"), screen.out());
    }

    @Test
    void whatOnlyHelpsDoesNotFail() throws Exception {
        machine.lacking.addAll(List.of("/dev/kvm", "unshare", "bwrap", "sparse"));
        machine.signals = "1000";
        assertEquals(Exit.SUCCESS, examine());
        assertTrue(screen.out().contains("emulated"), screen.out());
        assertTrue(screen.out().contains("sudo apt install bubblewrap sparse"), screen.out());
        assertTrue(screen.out().contains("ulimit -i"), screen.out());
    }
}
