/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.TargetInfo.Acceleration;

class QemuTest {

    @TempDir Path place;
    private boolean parallel;
    private boolean debug;

    private List<String> commandLine(Optional<Path> disk) throws Exception {
        return commandLine(disk, Acceleration.TCG);
    }

    private List<String> commandLine(Optional<Path> disk, Acceleration acceleration)
            throws Exception {
        return commandLine(disk, Optional.empty(), acceleration);
    }

    private List<String> commandLine(
            Optional<Path> disk, Optional<Path> files, Acceleration acceleration) throws Exception {
        Path odd = Files.createDirectory(place.resolve("a, b"));
        try (RunDirectory run = RunDirectory.create(CacheDirectory.at(odd))) {
            Qemu qemu =
                    new Qemu(
                            new QemuProgram(Path.of("/qemu"), parallel),
                            new MachineSize(3, 300),
                            acceleration,
                            Optional.empty(),
                            debug);
            return qemu.commandLine(
                    new Hypervisor.Parts(odd.resolve("k"), odd.resolve("i"), run, disk, files));
        }
    }

    @Test
    void commasInPathsAreNotTakenForOptions() throws Exception {
        List<String> argv = commandLine(Optional.of(Path.of("/x,y/disk")));
        assertTrue(
                argv.stream().anyMatch(word -> word.endsWith("file=/x,,y/disk")), argv::toString);
        assertEquals(
                Port.values().length,
                argv.stream()
                        .filter(word -> word.startsWith("socket,id="))
                        .filter(word -> word.contains("a,, b"))
                        .count());
        // These two take a path alone.
        assertTrue(argv.contains(place.resolve("a, b/k").toString()));
        assertTrue(argv.contains(place.resolve("a, b/i").toString()));
    }

    @Test
    void thereIsNoNetworkAndNoDiskUnlessAskedFor() throws Exception {
        List<String> argv = commandLine(Optional.empty());
        assertTrue(argv.contains("-nodefaults"));
        assertFalse(argv.stream().anyMatch(word -> word.contains("net")), argv::toString);
        assertFalse(argv.contains("-drive"));
    }

    @Test
    void theBridgesDiskIsTheFirst() throws Exception {
        List<String> devices =
                commandLine(
                                Optional.of(Path.of("/bridge.img")),
                                Optional.of(Path.of("/files.img")),
                                Acceleration.TCG)
                        .stream()
                        .filter(word -> word.startsWith("virtio-blk-pci"))
                        .toList();
        assertEquals(
                List.of(
                        "virtio-blk-pci,drive=bridge,serial=bridge",
                        "virtio-blk-pci,drive=files,serial=files"),
                devices);
    }

    @Test
    void theMachineHasTheSizeThatWasAskedFor() throws Exception {
        List<String> argv = commandLine(Optional.empty());
        assertEquals("3", argv.get(argv.indexOf("-smp") + 1));
        assertEquals("300", argv.get(argv.indexOf("-m") + 1));
    }

    @Test
    void aJavaRuntimeGetsTheMemoryItNeeds() throws Exception {
        List<String> argv = commandLine(Optional.of(Path.of("/disk")));
        assertEquals("768", argv.get(argv.indexOf("-m") + 1));
    }

    @Test
    void aDebugKernelGetsTheMemoryThatItsWatchingTakes() throws Exception {
        debug = true;
        List<String> argv = commandLine(Optional.empty());
        assertEquals("1024", argv.get(argv.indexOf("-m") + 1));
        // It would report what is no fault, and lockdep would end with that.
        assertTrue(argv.get(argv.indexOf("-append") + 1).contains("slub_debug=-"));
    }

    @Test
    void emulatedProcessorsTakeTurnsWhereQemuCannotRunThemSideBySide() throws Exception {
        assertTrue(commandLine(Optional.empty()).contains("tcg,thread=single"));
        assertFalse(QemuProgram.parallel("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)"));
        assertFalse(QemuProgram.parallel("QEMU emulator version 8.0.5"));
        assertFalse(QemuProgram.parallel("something else"));
    }

    @Test
    void emulatedProcessorsRunSideBySideWhereTheyMay() throws Exception {
        parallel = true;
        assertTrue(commandLine(Optional.empty()).contains("tcg,thread=multi"));
        assertTrue(QemuProgram.parallel("QEMU emulator version 8.1.0"));
        assertTrue(QemuProgram.parallel("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)"));
    }

    @Test
    void kvmHasTheProcessorOfThisMachine() throws Exception {
        List<String> argv = commandLine(Optional.empty(), Acceleration.KVM);
        assertEquals("kvm", argv.get(argv.indexOf("-accel") + 1));
        assertEquals("host", argv.get(argv.indexOf("-cpu") + 1));
    }
}
