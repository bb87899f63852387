/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.process.HostCommand;

/** What a lab boots besides its kernel: busybox, the agent, some modules, and a script. */
final class BootImage {

    private static final List<String> DIRECTORIES =
            List.of(
                    "/bin",
                    "/sbin",
                    "/usr",
                    "/usr/bin",
                    "/usr/sbin",
                    "/dev",
                    "/proc",
                    "/sys",
                    "/tmp",
                    "/run",
                    "/etc",
                    "/root",
                    "/lib",
                    "/modules",
                    "/mnt",
                    "/mnt/disk",
                    "/bridge");

    /** From a kernel's modules, lib/modules/RELEASE, to the root that its packages are in. */
    private static final String PACKAGES = "../../..";

    private static final String AGENT = "/sbin/kmodscope-agent";
    private static final String FAULTS = "/sbin/kmodscope-faults";

    private BootImage() {}

    /**
     * Writes the image.
     *
     * @param wiring how the machine shows its ports
     * @param disk whether a disk with the bridge is attached
     * @param files whether a disk with a file is attached
     * @throws KmodscopeException MISSING when busybox or a module is not here
     */
    static void write(
            Path file, Kernel kernel, Path agent, Wiring wiring, boolean disk, boolean files)
            throws KmodscopeException {
        Path busybox = busybox(kernel);
        List<String> wanted = new ArrayList<>(wiring.portModules());
        if (disk) {
            wanted.addAll(wiring.diskModules());
        }
        if (files) {
            wanted.addAll(wiring.fileModules());
        }
        List<String> names = new ArrayList<>();
        try (Initramfs image = new Initramfs(file)) {
            for (String directory : DIRECTORIES) {
                image.directory(directory);
            }
            // The kernel opens it for init, before init can mount anything.
            image.device("/dev/console", 5, 1);
            image.file("/bin/busybox", 0755, Files.readAllBytes(busybox));
            image.link("/bin/sh", "busybox");
            image.file(AGENT, 0755, Files.readAllBytes(agent));
            image.link(FAULTS, "kmodscope-agent");
            if (!wanted.isEmpty()) {
                ModuleTree modules = ModuleTree.of(kernel);
                for (Path module : modules.inLoadOrder(wanted)) {
                    String name = "/modules/" + names.size() + ".ko";
                    image.file(name, 0600, modules.read(module));
                    names.add(name);
                }
            }
            String script = script(names, wiring, disk, files);
            image.file("/init", 0755, script.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The lab's boot image " + file + " cannot be written: " + Reason.of(e) + ".",
                    "Free space there, or set XDG_CACHE_HOME to another directory.",
                    e);
        }
    }

    /** All in it is ours: nothing that a user names is ever part of the script. */
    private static String script(List<String> modules, Wiring wiring, boolean disk, boolean files) {
        StringBuilder script =
                new StringBuilder(
                        """
                        #!/bin/sh
                        # Becomes the agent; any step that fails ends the machine with a reason.
                        fail() {
                        	echo "kmodscope-init: $*"
                        	/bin/busybox poweroff -f
                        }
                        export PATH=/sbin:/bin:/usr/sbin:/usr/bin
                        /bin/busybox --install -s
                        mount -t proc proc /proc || fail "no /proc"
                        mount -t sysfs sysfs /sys || fail "no /sys"
                        mount -t devtmpfs devtmpfs /dev || fail "no /dev"
                        mkdir -p /dev/pts /dev/shm /dev/virtio-ports
                        mount -t devpts devpts /dev/pts
                        mount -t tmpfs tmpfs /dev/shm
                        mount -t tmpfs tmpfs /tmp || fail "no /tmp"
                        # Not all kernels have it; debug runs do need it.
                        [ ! -d /sys/kernel/debug ] || mount -t debugfs debugfs /sys/kernel/debug
                        hostname lab
                        """);
        for (String module : modules) {
            script.append("insmod ").append(module).append(" || fail \"").append(module);
            script.append(" does not load\"\n");
        }
        if (disk) {
            script.append("mount -t squashfs -o ro ").append(wiring.disk());
            script.append(" /bridge || fail \"no bridge disk\"\n");
            script.append(
                    """
                    mount -t proc proc /bridge/proc
                    mount --rbind /dev /bridge/dev
                    mount -t tmpfs tmpfs /bridge/tmp
                    """);
        }
        if (files) {
            // Told by its serial number where disks have one.
            script.append(
                    """
                    for disk in /sys/block/*; do
                    \tcase "${disk##*/} $(cat $disk/serial 2>/dev/null)" in
                    \t"ubdb "* | *" @SERIAL@")
                    \t\tmount -t ext4 -o ro /dev/${disk##*/} /mnt/disk || fail "no disk"
                    \tesac
                    done
                    """
                            .replace("@SERIAL@", FileDisk.SERIAL));
        }
        script.append("exec ").append(AGENT);
        script.append(" --control ").append(wiring.argument(Port.CONTROL));
        script.append(" --events ").append(wiring.argument(Port.EVENTS));
        if (disk) {
            script.append(" --port ").append(wiring.argument(Port.BRIDGE));
        }
        return script.append('\n').toString();
    }

    /** This machine's, or the one that was fetched with a kernel for other processors. */
    private static Path busybox(Kernel kernel) throws KmodscopeException {
        Optional<Path> found =
                kernel.cross().isEmpty()
                        ? HostCommand.of("busybox").locate()
                        : kernel.modules()
                                .map(modules -> modules.resolve(PACKAGES).resolve("bin/busybox"))
                                .filter(Files::isReadable);
        Path busybox = found.orElseThrow(() -> noBusybox("not"));
        try {
            if (!isStatic(Files.readAllBytes(busybox))) {
                throw noBusybox("not statically linked");
            }
            return busybox;
        } catch (IOException e) {
            throw noBusybox("unreadable (" + Reason.of(e) + "), and so not");
        }
    }

    private static KmodscopeException noBusybox(String how) {
        return new KmodscopeException(
                Kind.MISSING,
                "busybox, which a lab boots, is " + how + " on this machine.",
                "Install it: sudo apt install busybox-static");
    }

    /**
     * Whether an ELF program asks for no interpreter (elf(5), program header of type PT_INTERP);
     * one that does would not start where there are no libraries.
     */
    static boolean isStatic(byte[] elf) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        if (elf.length < 64 || file.getInt(0) != 0x464c457f || elf[4] != 2) {
            return false;
        }
        long headers = file.getLong(32);
        int size = Short.toUnsignedInt(file.getShort(54));
        int count = Short.toUnsignedInt(file.getShort(56));
        if (headers < 0 || headers + (long) size * count > elf.length) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (file.getInt((int) headers + i * size) == 3) {
                return false;
            }
        }
        return true;
    }
}
