/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.cli.Main;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;
import org.kmodscope.targets.internal.agent.Directories;
import org.kmodscope.targets.internal.agent.NativePrograms;

/**
 * The local target where it can do no harm: in a lab, whose kernel is "this machine's own" for the
 * command line that runs in it, as root and as a user with sudo.
 */
@Timeout(600)
class LocalTargetTest {

    private static final String NAME = "labfifo";
    private static final String WARNING =
            """
            // SPDX-License-Identifier: GPL-2.0
            #include <linux/module.h>

            static int __init warning_init(void)
            {
            	WARN(1, "it warns on purpose\\n");
            	return 0;
            }
            module_init(warning_init);

            static void __exit warning_exit(void)
            {
            }
            module_exit(warning_exit);

            MODULE_DESCRIPTION("A module that warns when it is loaded");
            MODULE_LICENSE("GPL");
            """;

    private static Path work;
    private static Path project;
    private static Path module;
    private static TargetSession lab;
    private static String classPath;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(GuestSystem.hasSudo(), "this machine has no sudo to put into the lab");
        // The same path in the lab, whose /tmp is one of its own: builds are known by their path.
        work = Files.createTempDirectory(Path.of("/tmp"), "kmodscope-local-").toRealPath();
        Workshop workshop = new Workshop();
        project = work.resolve(NAME);
        module = workshop.driver(project, NAME);
        Path warning = workshop.module(work.resolve("warning"), "warning", WARNING);
        Files.copy(warning, work.resolve("warning.ko"));
        Workshop.patched(module, work.resolve("wrong"), " SMP preempt ", " SMP preemqt ");
        Path cache = work.resolve("cache");
        for (ProbeSpec spec : ProbeSpec.ofProject(project)) {
            if (spec.name().equals("sigio")) {
                new ProbeBuild(CacheDirectory.at(cache.resolve("kmodscope")))
                        .build(spec, line -> {}, Workshop.MONITOR);
            }
        }
        NativePrograms programs =
                NativePrograms.require(CacheDirectory.of(System.getenv()), Workshop.MONITOR);
        Path agent =
                cache.resolve("kmodscope/agent")
                        .resolve(programs.agent().getParent().getFileName());
        Files.createDirectories(agent);
        Files.copy(programs.agent(), agent.resolve("kmodscope-agent"));
        Files.copy(programs.helper(), agent.resolve("kmodscope-helper"));
        classPath =
                GuestClassPath.pack(work.resolve("jars")).stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(":"));
        Path tar = work.resolve("work.tar");
        Captured packed =
                HostCommand.of(
                                "tar",
                                "-cf",
                                tar.toString(),
                                "--owner=1000",
                                "--group=1000",
                                "-C",
                                "/",
                                "--exclude=work.tar",
                                work.toString().substring(1))
                        .capture(Workshop.MONITOR);
        assertEquals(0, packed.exit(), packed.words());
        lab =
                new QemuTarget(
                                CacheDirectory.of(System.getenv()),
                                new DebianKernelStore(
                                        CacheDirectory.of(System.getenv()), System.getenv()),
                                Optional.of(new GuestSystem()))
                        .open(new TargetSpec.Qemu(KernelStore.DEFAULT_ID, true), Workshop.MONITOR);
        lab.put(tar, "/bridge/tmp/work.tar", 0600);
        in("mount", "--bind", "/sys", "/bridge/sys");
        in("mount", "-t", "tmpfs", "tmpfs", "/bridge/run");
        in("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/bridge/usr/local");
        in("mkdir", "/bridge/usr/local/libexec");
        lab.put(programs.helper(), "/bridge" + GuestSystem.HELPER, 0755);
        in("tar", "-xf", "/bridge/tmp/work.tar", "-C", "/bridge");
        in("rm", "/bridge/tmp/work.tar");
        in("cp", "-r", "/bridge" + work + "/cache", "/bridge" + work + "/rootcache");
        // As Debian has it: the kernel's log is for root.
        in("sh", "-c", "echo 1 > /proc/sys/kernel/dmesg_restrict");
    }

    @AfterAll
    static void end() throws Exception {
        if (lab != null) {
            lab.close();
        }
        if (work != null) {
            Directories.delete(work);
        }
    }

    private static void in(String... argv) throws Exception {
        Printed done = Printed.by(lab, argv);
        assertEquals(0, done.status(), () -> List.of(argv) + " " + done);
    }

    /** Runs a program in the small Debian, as a child of a shell: pkexec refuses one of init's. */
    private static Printed as(String user, String... argv) throws Exception {
        List<String> whole =
                new ArrayList<>(
                        List.of(
                                "sh",
                                "-c",
                                "\"$@\"; exit $?",
                                "sh",
                                "chroot",
                                "/bridge",
                                "/usr/sbin/chroot",
                                "--groups=",
                                "--userspec=" + user + ":" + user,
                                "/",
                                "/usr/bin/env",
                                "-i",
                                "PATH=/usr/bin:/bin",
                                "HOME=/tmp",
                                "LC_ALL=C.UTF-8",
                                "XDG_CACHE_HOME="
                                        + work
                                        + (user.equals("0") ? "/rootcache" : "/cache")));
        whole.addAll(List.of(argv));
        return Printed.by(lab, whole.toArray(String[]::new));
    }

    private static Printed java(String user, Class<?> main, String... arguments) throws Exception {
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                "/jdk/bin/java",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx128m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dstdout.encoding=UTF-8",
                                "-Dstderr.encoding=UTF-8",
                                "-cp",
                                classPath,
                                main.getName()));
        argv.addAll(List.of(arguments));
        return as(user, argv.toArray(String[]::new));
    }

    private static void says(String pattern, Printed printed) {
        assertTrue(
                Pattern.compile(pattern, Pattern.MULTILINE).matcher(printed.text()).find(),
                () -> pattern + "\nis not in\n" + printed);
    }

    @Test
    void rootWatchesByTheBridgeInItsOwnProcess() throws Exception {
        Printed watched =
                java(
                        "0",
                        Main.class,
                        "watch",
                        project.toString(),
                        "--target",
                        "local",
                        "--module",
                        module.toString(),
                        "--source",
                        "bridge",
                        "--yes",
                        "--seconds",
                        "1",
                        "--rate",
                        "50");
        assertEquals(0, watched.status(), watched::toString);
        assertEquals(count("agent", "WRITE_END", watched), count("bridge", "SIGIO_IN", watched));
        says("^events [0-9]+ lost 0$", watched);
    }

    @Test
    void aUserWithSudoHasBadDaysAndThenRunsAProbe() throws Exception {
        Printed all =
                java(
                        GuestSystem.MAY,
                        LocalCases.class,
                        work + "/wrong/" + NAME + ".ko",
                        work + "/warning.ko",
                        module.toString(),
                        "probe",
                        project.toString(),
                        "--target",
                        "local",
                        "--module",
                        module.toString(),
                        "--probe",
                        "sigio",
                        "--yes",
                        "--verbose");
        assertEquals(0, all.status(), all::toString);
        says("^wrong: FAILED .*not a module for this kernel.*linux-headers-", all);
        says("^parameter: FAILED .*no blanks, quotes or controls", all);
        says("^value: FAILED .*does not accept its parameters.*invalid for parameter", all);
        says("^foreign: FAILED .*virtio_console was not loaded by this user", all);
        says("^load: done", all);
        says(
                "^unload: FAILED .*reported a fault while warning was loaded.*it printed a warning",
                all);
        says("^log: .*warns on purpose", all);
        says("^kept: done", all);
        says("^twice: FAILED .*loaded already.*rmmod labfifo", all);
        says("^left: false", all);
        says("has not passed a lab run", all);
        says("kernel is tainted before anything is loaded: .*W", all);
        says("^ok 6 F_SETSIG: one write gives one POLL_IN", all);
    }

    /**
     * What {@code --install} prints is done as printed, and polkit lets its user run the helper.
     */
    @Test
    void aUserWithPolkitRunsAProbe() throws Exception {
        assumeTrue(GuestSystem.hasPolkit(), "this machine has no polkit to put into the lab");
        String actions = "/bridge/usr/share/polkit-1/actions";
        in("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", actions);
        in("mount", "--bind", "/dev/null", "/bridge/usr/bin/sudo");
        in("mkdir", "/bridge/run/dbus");
        // It forks once it listens.
        in("chroot", "/bridge", "dbus-daemon", "--system", "--fork");
        CountDownLatch ready = new CountDownLatch(1);
        List<String> said = new CopyOnWriteArrayList<>();
        Consumer<String> heard =
                line -> {
                    said.add(line);
                    if (line.contains("Acquired the name")) {
                        ready.countDown();
                    }
                };
        try (RemoteCommand polkit =
                lab.start(
                        List.of("chroot", "/bridge", "/usr/lib/polkit-1/polkitd"),
                        new OutputLines(heard, heard))) {
            assertTrue(ready.await(60, TimeUnit.SECONDS), () -> polkit + " " + said);
            Printed installed = java("0", Main.class, "local", "--install", "--yes");
            assertEquals(0, installed.status(), installed::toString);
            says("^  install .*kmodscope-helper$", installed);
            says("^  install .*org.kmodscope.local.policy$", installed);
            says("^The helper is installed", installed);
            Printed nobody = as(GuestSystem.MAY_NOT, "pkexec", GuestSystem.HELPER, "log");
            assertEquals(127, nobody.status(), nobody::toString);
            says("Not authorized", nobody);
            Printed probed =
                    java(
                            GuestSystem.MAY,
                            Main.class,
                            "probe",
                            project.toString(),
                            "--target",
                            "local",
                            "--module",
                            module.toString(),
                            "--probe",
                            "sigio",
                            "--yes");
            assertEquals(0, probed.status(), probed::toString);
            says("^ok 6 F_SETSIG: one write gives one POLL_IN", probed);
        } finally {
            in("rm", "-rf", "/bridge/run/dbus");
            in("umount", "/bridge/usr/bin/sudo");
            in("umount", actions);
        }
    }

    private static long count(String source, String kind, Printed watched) {
        Matcher line =
                Pattern.compile("(?m)^" + source + " +" + kind + " +([1-9][0-9]*) ")
                        .matcher(watched.text());
        assertTrue(line.find(), watched::toString);
        return Long.parseLong(line.group(1));
    }

    @Test
    void sudoAndTheHelperRefuseWhoMayNotAndWhatIsNotTheirs() throws Exception {
        Printed nobody = helper(GuestSystem.MAY_NOT, "log");
        assertEquals(1, nobody.status(), nobody::toString);
        says("a password is required", nobody);
        says(
                "^kmodscope-helper: this has to be started as root",
                as("1000", GuestSystem.HELPER, "log"));
        Printed outside = helper(GuestSystem.MAY, "load", "/jdk/lib/driver.ko");
        assertEquals(64, outside.status(), outside::toString);
        says("/jdk/lib/ is not a directory of the calling user's", outside);
        in("ln", "-s", module.toString(), "/bridge" + work + "/link.ko");
        Printed link = helper(GuestSystem.MAY, "load", work + "/link.ko");
        assertEquals(64, link.status(), link::toString);
        says("it is a link", link);
        in("cp", "/bridge" + module, "/bridge" + work + "/foreign.ko");
        Printed foreign = helper(GuestSystem.MAY, "load", work + "/foreign.ko");
        assertEquals(64, foreign.status(), foreign::toString);
        says("foreign.ko is not a file of the calling user's", foreign);
    }

    private static Printed helper(String user, String... order) throws Exception {
        List<String> argv =
                new ArrayList<>(List.of("/usr/bin/sudo", "-n", "--", GuestSystem.HELPER));
        argv.addAll(List.of(order));
        return as(user, argv.toArray(String[]::new));
    }
}
