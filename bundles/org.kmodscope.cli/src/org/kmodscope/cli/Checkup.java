/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.cli.internal.terminal.Quantity;

/** Looks for all that kmodscope uses, and says what each is for and which package brings it. */
final class Checkup {

    /** Kernel image, headers and build tools take some 190 MB, packages and labs as much again. */
    private static final long SPACE_NEEDED = 1_000_000_000L;

    private static final long FEW_SIGNALS = 20_000;

    private final Machine machine;
    private final Path cache;

    Checkup(Machine machine, Path cache) {
        this.machine = machine;
        this.cache = cache;
    }

    /** All findings, in the order to show them. */
    List<Finding> run() throws InterruptedException {
        List<Finding> all = new ArrayList<>();
        all.add(java());
        all.add(program("make", "builds modules", "make"));
        all.add(program("gcc", "builds modules and probes", "gcc"));
        all.add(program("gcc-12", "builds for Debian's kernels", "gcc-12"));
        all.add(staticLibc());
        all.add(program("apt-get", "fetches kernels", "apt"));
        all.add(program("dpkg", "unpacks kernels", "dpkg"));
        all.add(program("depmod", "lists a kernel's modules", "kmod"));
        all.add(program("qemu-system-x86_64", "runs the lab", "qemu-system-x86"));
        all.add(busybox());
        all.add(program("mksquashfs", "packs Java for the lab", "squashfs-tools"));
        all.add(jlink());
        all.add(kvm());
        all.add(space());
        all.add(signals());
        all.add(namespaces());
        all.add(optional(program("bwrap", "builds for newer kernels", "bubblewrap")));
        all.add(optional(program("sparse", "checks drivers", "sparse")));
        return all;
    }

    private Finding java() {
        Runtime.Version version = Runtime.version();
        return new Finding("java", State.GOOD, version.toString(), "runs kmodscope", "");
    }

    private Finding program(String name, String purpose, String debianPackage) {
        return machine.program(name)
                .map(path -> new Finding(name, State.GOOD, path.toString(), purpose, ""))
                .orElse(missing(name, purpose, debianPackage));
    }

    private static Finding missing(String name, String purpose, String debianPackage) {
        String detail = "not found: package " + debianPackage;
        return new Finding(name, State.MISSING, detail, purpose, "", Optional.of(debianPackage));
    }

    private static Finding optional(Finding found) {
        return found.state() == State.MISSING
                ? new Finding(
                        found.name(),
                        State.NOTE,
                        found.detail(),
                        found.purpose(),
                        found.remedy(),
                        found.debianPackage())
                : found;
    }

    /** gcc prints the bare name of a file that it does not find. */
    private Finding staticLibc() throws InterruptedException {
        String purpose = "links programs for the lab";
        Optional<String> place =
                machine.firstLine("gcc", "-print-file-name=libc.a")
                        .filter(line -> line.startsWith("/"))
                        .map(line -> Path.of(line).normalize().toString());
        return place.map(line -> new Finding("static libc", State.GOOD, line, purpose, ""))
                .orElse(missing("static libc", purpose, "libc6-dev"));
    }

    /** Only a static one runs in a lab that has no libraries; ldd refuses those. */
    private Finding busybox() throws InterruptedException {
        String purpose = "the lab's programs";
        Optional<Path> path = machine.program("busybox");
        boolean dynamic = path.isPresent() && machine.succeeds("ldd", path.get().toString());
        if (path.isEmpty() || dynamic) {
            return missing("busybox (static)", purpose, "busybox-static");
        }
        return new Finding("busybox (static)", State.GOOD, path.get().toString(), purpose, "");
    }

    private Finding jlink() {
        Path jlink = machine.javaHome().resolve("bin/jlink");
        String purpose = "makes Java for the lab";
        return Files.isExecutable(jlink)
                ? new Finding("jlink", State.GOOD, jlink.toString(), purpose, "")
                : new Finding(
                        "jlink",
                        State.MISSING,
                        "not in " + machine.javaHome(),
                        purpose,
                        "run kmodscope with a full JDK, 21 or newer (a JRE has no jlink)");
    }

    private Finding kvm() {
        Path device = Path.of("/dev/kvm");
        String purpose = "a lab at full speed";
        return machine.usable(device)
                ? new Finding("KVM", State.GOOD, "used if a trial boot proves it", purpose, "")
                : new Finding(
                        "KVM",
                        State.NOTE,
                        "not usable: labs are emulated",
                        purpose,
                        "join the group kvm, or switch virtualisation on in the firmware");
    }

    private Finding space() {
        String purpose = "kernels and labs";
        Optional<Long> free = machine.free(cache);
        if (free.isEmpty()) {
            return new Finding("disk space", State.NOTE, "not known", purpose, "");
        }
        String size = Quantity.bytes(free.get()) + " free for " + cache;
        return free.get() >= SPACE_NEEDED
                ? new Finding("disk space", State.GOOD, size, purpose, "")
                : new Finding(
                        "disk space",
                        State.MISSING,
                        size,
                        purpose,
                        "make room: 1 GB is needed; kmodscope kernels shows what can go");
    }

    private Finding signals() {
        String purpose = "signals that can wait";
        String limit = machine.limit("Max pending signals").orElse("not known");
        boolean few = limit.matches("[0-9]{1,18}") && Long.parseLong(limit) < FEW_SIGNALS;
        return new Finding(
                "pending signals",
                few ? State.NOTE : State.GOOD,
                limit,
                purpose,
                few ? "ulimit -i " + FEW_SIGNALS + "; labs set their own limit" : "");
    }

    private Finding namespaces() throws InterruptedException {
        String purpose = "builds for newer kernels";
        // With a /proc of their own, which many containers forbid.
        return machine.succeeds(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--fork",
                        "--pid",
                        "--mount-proc",
                        "true")
                ? new Finding("user namespaces", State.GOOD, "allowed", purpose, "")
                : new Finding(
                        "user namespaces",
                        State.NOTE,
                        "denied",
                        purpose,
                        "sysctl kernel.unprivileged_userns_clone=1, where you may; in a container"
                                + " docker run --security-opt systempaths=unconfined, too");
    }

    /** How a finding is meant. */
    enum State {
        GOOD,
        /** Works without, less well. */
        NOTE,
        MISSING
    }

    /**
     * One thing that was looked for.
     *
     * @param name what
     * @param state whether it is there
     * @param detail where it is, or what is wrong
     * @param purpose what it is for
     * @param remedy what to do; empty when there is nothing to do but to install the package
     * @param debianPackage what brings it, where it is not there
     */
    record Finding(
            String name,
            State state,
            String detail,
            String purpose,
            String remedy,
            Optional<String> debianPackage) {

        /** What no package brings, or what is there. */
        Finding(String name, State state, String detail, String purpose, String remedy) {
            this(name, state, detail, purpose, remedy, Optional.empty());
        }
    }
}
