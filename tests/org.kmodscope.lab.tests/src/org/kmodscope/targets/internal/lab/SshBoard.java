/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.internal.agent.NativePrograms;
import org.kmodscope.targets.internal.kernel.BoardPackages;

/**
 * A machine with Debian's OpenSSH server and a network, which plays the board: the only lab that
 * has one. QEMU's user network lets nothing out of it, and from this machine one port in.
 *
 * <p>Users: root and {@code dev}, both with the password {@value #PASSWORD}; a key may log in as
 * either.
 */
public final class SshBoard implements AutoCloseable {

    /** Of root and dev. */
    public static final String PASSWORD = "correct horse";

    private static final String HASH =
            "$6$kmodscope$OtGYG.17rp6e1kwqj4WTW7o."
                    + "C7hbEfvdSvBJWYeREJ/D6BAuXFy6MpvTpj/e.Uss3KJzfFkNOyxgHjbIqFxio.";
    private static final List<String> PROGRAMS =
            List.of("usr/sbin/sshd", "usr/lib/openssh/sftp-server");
    private static final int ATTEMPTS = 3;
    private static final int BANNER_MILLIS = 3000;
    private static final long UP_WITHIN_SECONDS = 180;

    private static final String CONFIGURATION =
            """
            HostKey /etc/ssh/ssh_host_ed25519_key
            HostKey /etc/ssh/ssh_host_ecdsa_key
            AuthorizedKeysFile /etc/ssh/authorized_keys
            StrictModes no
            PermitRootLogin yes
            PasswordAuthentication yes
            UsePAM no
            UseDNS no
            Subsystem sftp /usr/lib/openssh/sftp-server
            """;

    private static final String INIT =
            """
            #!/bin/sh
            export PATH=/sbin:/bin:/usr/sbin:/usr/bin
            /bin/busybox --install -s
            mount -t proc proc /proc
            mount -t sysfs sysfs /sys
            mount -t devtmpfs devtmpfs /dev
            mkdir -p /dev/pts /run/sshd
            mount -t devpts devpts /dev/pts
            mount -t tmpfs -o mode=1777 tmpfs /tmp
            mount -t tracefs tracefs /sys/kernel/tracing
            for module in /modules/*.ko; do
            	insmod $module
            done
            ip link set lo up
            ip address add 10.0.2.15/24 dev eth0
            ip link set eth0 up
            while :; do
            	/usr/sbin/sshd -D -e
            done
            """;

    private final Path directory;
    private final Machine machine;
    private final int port;

    private SshBoard(Path directory, Machine machine, int port) {
        this.directory = directory;
        this.machine = machine;
        this.port = port;
    }

    /**
     * Boots it.
     *
     * @param directory an empty one, for its files: keys of the host, and its image
     * @param authorized the public keys that may log in, as lines
     */
    public static SshBoard boot(
            CacheDirectory cache, Kernel kernel, Path directory, String authorized)
            throws Exception {
        BoardPackages packages = BoardPackages.require(cache);
        Path image = directory.resolve("initramfs");
        for (String kind : List.of("ed25519", "ecdsa")) {
            keygen(packages, directory.resolve("ssh_host_" + kind + "_key"), kind, "");
        }
        write(image, kernel, packages, directory, authorized);
        NativePrograms programs = NativePrograms.require(cache, new NullProgressMonitor());
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            List<String> argv = commandLine(kernel, image, port);
            Machine machine = Machine.start("test board", programs.supervisor(), argv, directory);
            SshBoard board = new SshBoard(directory, machine, port);
            if (board.comesUp()) {
                return board;
            }
            String console = machine.console().tail(40);
            board.close();
            // The port may have been taken by another process in between.
            if (attempt == ATTEMPTS || !console.contains("hostfwd")) {
                throw new IllegalStateException("the board does not come up:\n" + console);
            }
        }
    }

    /** Makes a key with OpenSSH's own tool. */
    public static void keygen(BoardPackages packages, Path file, String kind, String passphrase)
            throws Exception {
        List<String> argv =
                packages.command(
                        "usr/bin/ssh-keygen",
                        "-q",
                        "-t",
                        kind,
                        "-N",
                        passphrase,
                        "-C",
                        "test",
                        "-f",
                        file.toString());
        var made = HostCommand.of(argv).capture(new NullProgressMonitor());
        if (made.exit() != 0) {
            throw new IOException(made.words());
        }
    }

    /** Where its server is reached on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The public half of a key of the host: {@code ed25519} or {@code ecdsa}. */
    public String hostKey(String kind) throws IOException {
        String line = Files.readString(directory.resolve("ssh_host_" + kind + "_key.pub"));
        return line.substring(0, line.lastIndexOf(' '));
    }

    /** Waits until its server greets, which was killed and is started anew. */
    public void awaitServer() throws Exception {
        if (!comesUp()) {
            throw new IllegalStateException(machine.console().tail(40));
        }
    }

    @Override
    public void close() {
        machine.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether a server greets before the machine ends or the time is up. */
    private boolean comesUp() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(UP_WITHIN_SECONDS);
        while (System.nanoTime() - deadline < 0) {
            if (greets()) {
                return true;
            }
            try {
                machine.ended().get(200, TimeUnit.MILLISECONDS);
                return false;
            } catch (TimeoutException alive) {
                continue;
            }
        }
        return false;
    }

    private boolean greets() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BANNER_MILLIS);
            socket.setSoTimeout(BANNER_MILLIS);
            byte[] banner = socket.getInputStream().readNBytes(4);
            return new String(banner, StandardCharsets.US_ASCII).equals("SSH-");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<String> commandLine(Kernel kernel, Path image, int port) throws Exception {
        List<String> argv = new ArrayList<>();
        argv.add(QemuProgram.locate(new NullProgressMonitor()).path().toString());
        argv.addAll(List.of("-nodefaults", "-no-user-config", "-no-reboot"));
        argv.addAll(List.of("-display", "none", "-monitor", "none"));
        argv.addAll(List.of("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"));
        argv.addAll(List.of("-M", "q35", "-m", "512"));
        argv.addAll(List.of("-chardev", "stdio,id=console,signal=off"));
        argv.addAll(List.of("-serial", "chardev:console"));
        argv.addAll(List.of("-kernel", kernel.image().orElseThrow().toString()));
        argv.addAll(List.of("-initrd", image.toString()));
        argv.addAll(
                List.of(
                        "-append",
                        "console=ttyS0 rdinit=/init panic=-1 oops=panic loglevel=4 mitigations=off"
                                + " no_timer_check random.trust_cpu=on"));
        argv.addAll(
                List.of(
                        "-netdev",
                        "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:" + port + "-:22",
                        "-device",
                        "virtio-net-pci,netdev=net"));
        return argv;
    }

    private static void write(
            Path file, Kernel kernel, BoardPackages packages, Path keys, String authorized)
            throws Exception {
        try (Initramfs image = new Initramfs(file)) {
            for (String directory :
                    List.of(
                            "/bin",
                            "/sbin",
                            "/usr",
                            "/usr/bin",
                            "/usr/sbin",
                            "/usr/lib",
                            "/lib",
                            "/usr/lib/openssh",
                            "/lib/x86_64-linux-gnu",
                            "/lib64",
                            "/dev",
                            "/proc",
                            "/sys",
                            "/tmp",
                            "/run",
                            "/etc",
                            "/etc/ssh",
                            "/root",
                            "/home",
                            "/modules")) {
                image.directory(directory);
            }
            image.device("/dev/console", 5, 1);
            Path busybox = HostCommand.of("busybox").locate().orElseThrow();
            image.file("/bin/busybox", 0755, Files.readAllBytes(busybox));
            image.link("/bin/sh", "busybox");
            Set<Path> libraries = new LinkedHashSet<>();
            for (String program : PROGRAMS) {
                image.file(
                        '/' + program, 0755, Files.readAllBytes(packages.root().resolve(program)));
                libraries.addAll(packages.libraries(program));
            }
            for (Path library : libraries) {
                String name = library.getFileName().toString();
                boolean loader = name.startsWith("ld-linux");
                image.file(
                        (loader ? "/lib64/" : "/lib/x86_64-linux-gnu/") + name,
                        0755,
                        Files.readAllBytes(library));
            }
            ModuleTree modules = ModuleTree.of(kernel);
            int number = 10;
            for (Path module : modules.inLoadOrder(List.of("virtio_pci", "virtio_net"))) {
                image.file("/modules/" + number++ + ".ko", 0600, modules.read(module));
            }
            text(
                    image,
                    "/etc/passwd",
                    0644,
                    "root:x:0:0:root:/root:/bin/sh\n"
                            + "sshd:x:100:65534::/run/sshd:/bin/false\n"
                            + "dev:x:1000:1000::/tmp:/bin/sh\n");
            text(
                    image,
                    "/etc/shadow",
                    0600,
                    "root:"
                            + HASH
                            + ":19000::::::\nsshd:*:19000::::::\ndev:"
                            + HASH
                            + ":19000::::::\n");
            text(image, "/etc/ssh/sshd_config", 0600, CONFIGURATION);
            text(image, "/etc/ssh/authorized_keys", 0644, authorized);
            for (String kind : List.of("ed25519", "ecdsa")) {
                String name = "ssh_host_" + kind + "_key";
                image.file("/etc/ssh/" + name, 0600, Files.readAllBytes(keys.resolve(name)));
            }
            text(image, "/init", 0755, INIT);
        }
    }

    private static void text(Initramfs image, String path, int mode, String content)
            throws IOException {
        image.file(path, mode, content.getBytes(StandardCharsets.UTF_8));
    }
}
