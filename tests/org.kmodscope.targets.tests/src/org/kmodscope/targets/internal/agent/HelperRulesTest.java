/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * The rules of the helper that becomes root: its own code with what only root may do replaced by
 * files, so that nothing is ever loaded here. The real one is tested in a lab.
 */
@Timeout(300)
class HelperRulesTest {

    private static final int RULES = 64;
    private static final int REFUSED = 65;
    private static final int MACHINE = 66;

    @TempDir static Path work;
    private static Path helper;
    private static String self;
    private static boolean root;
    private Path project;

    @BeforeAll
    static void compile() throws Exception {
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                "gcc",
                                "-std=gnu11",
                                "-D_GNU_SOURCE",
                                "-DWORK=\"" + work + "\"",
                                "-O1",
                                "-fsanitize=undefined",
                                "-fsanitize-undefined-trap-on-error",
                                "-D_FORTIFY_SOURCE=2",
                                "-Wall",
                                "-Wextra",
                                "-Werror",
                                "-o",
                                "helper",
                                "kernel.c"));
        for (String header : NativePrograms.HEADERS) {
            copy(header);
        }
        for (String source : NativePrograms.HELPER) {
            if (!source.equals("helper_kernel.c")) {
                copy(source);
                argv.add(source);
            }
        }
        Files.writeString(work.resolve("kernel.c"), HelperKernel.SOURCE);
        Captured done = HostCommand.of(argv).in(work).capture(new NullProgressMonitor());
        assertEquals(0, done.exit(), done.words());
        helper = work.resolve("helper");
        Files.createDirectory(work.resolve("loaded"));
        // Who is root owns everything: it has to be somebody else for whom it is called.
        Object user = Files.getAttribute(work, "unix:uid");
        root = user.equals(0);
        self = root ? "12345" : user.toString();
    }

    private static void copy(String source) throws Exception {
        try (InputStream in =
                Objects.requireNonNull(
                        HelperRulesTest.class.getResourceAsStream("/agent/" + source))) {
            Files.copy(in, work.resolve(source));
        }
    }

    @BeforeEach
    void project() throws Exception {
        project = mine(Files.createTempDirectory(work, "project-").toRealPath());
    }

    private static Path mine(Path path) throws Exception {
        if (root) {
            Files.setAttribute(path, "unix:uid", Integer.parseInt(self), LinkOption.NOFOLLOW_LINKS);
        }
        return path;
    }

    private Path module(String name, String text) throws Exception {
        return mine(Files.writeString(project.resolve(name), text));
    }

    private static Captured as(String user, String... arguments) throws Exception {
        return command(arguments).with("PKEXEC_UID", user).capture(new NullProgressMonitor());
    }

    private static HostCommand command(String... arguments) {
        List<String> argv = new ArrayList<>(List.of(helper.toString()));
        argv.addAll(Arrays.asList(arguments));
        return HostCommand.of(argv).without("SUDO_UID", "PKEXEC_UID");
    }

    private static void refused(int how, String words, Captured done) {
        assertEquals(how, done.exit(), done::words);
        assertTrue(done.err().contains(words), done::err);
        assertFalse(done.out().contains("loads"), done::out);
    }

    @Test
    void whatWasLoadedIsUnloadedByTheSameUserAlone() throws Exception {
        String ko = module("fifo-a.ko", "fifo_a").toString();
        Captured loaded = as(self, "load", ko, "size=4096", "name=a'$(b);c\\", "empty=");
        assertEquals(0, loaded.exit(), loaded::words);
        assertTrue(
                loaded.out().contains("loads fifo_a[size=4096 name=a'$(b);c\\ empty=]"),
                loaded.out());
        refused(REFUSED, "refused 17 ", as(self, "load", ko));
        refused(RULES, "not loaded by this user", as("4711", "unload", "fifo_a"));
        refused(RULES, "not loaded by this user", as("4711", "permit", "fifo_a"));
        assertEquals(0, as(self, "permit", "fifo_a").exit());
        assertEquals(0, as(self, "unload", "fifo_a").exit());
        refused(REFUSED, "refused 2 ", as(self, "unload", "fifo_a"));
        refused(REFUSED, "refused 2 ", as(self, "permit", "fifo_a"));
    }

    @Test
    void whatRootLoadedStays() throws Exception {
        Files.createFile(work.resolve("loaded/firewall"));
        refused(RULES, "not loaded by this user", as(self, "unload", "firewall"));
        assertTrue(Files.exists(work.resolve("loaded/firewall")));
    }

    @Test
    void aRefusalOfTheKernelsHasItsNumberAndLeavesNothing() throws Exception {
        String ko = module("late.ko", "error 129").toString();
        refused(REFUSED, "refused 129 its signature is not accepted", as(self, "load", ko));
        assertFalse(Files.exists(work.resolve("state/late")));
    }

    @Test
    void aModuleWithAnotherNameThanItsFileIsSaidSo() throws Exception {
        String ko = module("alias.ko", "real").toString();
        Captured done = as(self, "load", ko);
        assertEquals(MACHINE, done.exit());
        assertTrue(done.err().contains("not called alias"), done::err);
    }

    @Test
    void onlyTheCommandsOfTheGrammarAreTaken() throws Exception {
        String ko = module("fine.ko", "fine").toString();
        String long55 = "a".repeat(55);
        String[][] wrong = {
            {},
            {""},
            {"--help"},
            {"load"},
            {"load", ""},
            {"load", "fine.ko"},
            {"load", "../fine.ko"},
            {"load", project + "/"},
            {"load", project + "/.ko"},
            {"load", project + "/fine.o"},
            {"load", project + "/fi ne.ko"},
            {"load", project + "/fi\nne.ko"},
            {"load", project + "/" + long55 + "a.ko"},
            {"load", "/" + "x/".repeat(2100) + "fine.ko"},
            {"load", ko, "size"},
            {"load", ko, "=1"},
            {"load", ko, "1size=1"},
            {"load", ko, "si-ze=1"},
            {"load", ko, "size=1 other=2"},
            {"load", ko, "size=\t"},
            {"load", ko, "size=\"1"},
            {"load", ko, "size=ä"},
            {"load", ko, "size=" + "1".repeat(251)},
            {"load", ko, "--", "size=1"},
            {"permit"},
            {"permit", "fine", "/dev/mem"},
            {"permit", "../../etc"},
            {"unload"},
            {"unload", ""},
            {"unload", "-f"},
            {"unload", "a/b"},
            {"unload", "fi-ne"},
            {"unload", ".lock"},
            {"unload", long55 + "a"},
            {"unload", "fine", "fine"},
            {"log", "all"},
            {"version", "2"},
            {"loadx", ko},
            {"install"},
        };
        for (String[] arguments : wrong) {
            Captured done = as(self, arguments);
            assertEquals(RULES, done.exit(), () -> Arrays.toString(arguments) + done.words());
            assertFalse(done.out().contains("loads"), done::out);
            assertFalse(done.err().isBlank());
        }
        String[] many = new String[35];
        Arrays.fill(many, "a=1");
        many[0] = "load";
        many[1] = ko;
        refused(RULES, "at most 32 parameters", as(self, many));
        assertEquals("kmodscope-helper 1\n", as(self, "version").out());
    }

    @Test
    void filesAreTheCallingUsersOwnAndPlain() throws Exception {
        Path ko = module("plain.ko", "plain");
        String path = ko.toString();
        refused(RULES, "not a directory of the calling user's", as("4711", "load", path));
        Files.createSymbolicLink(project.resolve("link.ko"), ko);
        refused(RULES, "it is a link", as(self, "load", project.resolve("link.ko").toString()));
        Path door = work.resolve("door");
        Files.createSymbolicLink(door, project);
        refused(RULES, "a link on the way", as(self, "load", door.resolve("plain.ko").toString()));
        mine(Files.createDirectory(project.resolve("folder.ko")));
        refused(RULES, "no regular file", as(self, "load", project + "/folder.ko"));
        assertEquals(0, HostCommand.of("mkfifo", project + "/fifo.ko").capture(monitor()).exit());
        mine(project.resolve("fifo.ko"));
        refused(RULES, "no regular file", as(self, "load", project + "/fifo.ko"));
        refused(RULES, "empty", as(self, "load", module("empty.ko", "").toString()));
        refused(RULES, "No such file", as(self, "load", project + "/absent.ko"));
        refused(RULES, "not a directory of", as(self, "load", "/etc/absent.ko"));
        Path open = module("open.ko", "open");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--rw-"));
        refused(RULES, "not a file of the calling user's", as(self, "load", open.toString()));
        Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxr-xrwx"));
        refused(RULES, "not a directory of the calling user's", as(self, "load", path));
    }

    @Test
    void whoCallsIsWhoPkexecOrSudoSayAndNothingElse() throws Exception {
        String ko = module("who.ko", "who").toString();
        for (String user : List.of("", "x", "-1", "+1", " 1", "1 ", "4294967295", "9".repeat(30))) {
            refused(RULES, "not a number", as(user, "load", ko));
        }
        HostCommand both = command("load", ko).with("PKEXEC_UID", self).with("SUDO_UID", self);
        refused(RULES, "both", both.capture(monitor()));
        Captured sudo = command("load", ko).with("SUDO_UID", self).capture(monitor());
        assertEquals(0, sudo.exit(), sudo::words);
        assertEquals(0, as(self, "unload", "who").exit());
    }

    @Test
    void aLinkThatIsSwappedInIsNeverLoaded() throws Exception {
        Path ko = module("swap.ko", "swap");
        Path good = module("good", "swap");
        Path elsewhere = Files.createDirectory(work.resolve("elsewhere"));
        Path evil = Files.writeString(elsewhere.resolve("evil.ko"), "evil");
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper =
                Thread.ofPlatform()
                        .name("swapper")
                        .start(
                                () -> {
                                    try {
                                        while (!over.get()) {
                                            Path link = project.resolve("link");
                                            Files.createSymbolicLink(link, evil);
                                            Files.move(link, ko, StandardCopyOption.ATOMIC_MOVE);
                                            Files.createLink(link, good);
                                            Files.move(link, ko, StandardCopyOption.ATOMIC_MOVE);
                                        }
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                });
        try {
            for (int i = 0; i < 60; i++) {
                Captured done = as(self, "load", ko.toString());
                assertFalse(done.out().contains("evil"), done::out);
                if (done.exit() == 0) {
                    assertEquals(0, as(self, "unload", "swap").exit());
                } else {
                    assertEquals(RULES, done.exit(), done::words);
                }
            }
        } finally {
            over.set(true);
            swapper.join();
        }
    }

    @Test
    void whateverIsSaidToItItEndsByItsRules() throws Exception {
        Pattern file = Pattern.compile("[A-Za-z0-9_-]{1,55}\\.ko");
        Pattern parameter = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=[!#-~]*");
        String[] pieces = {
            "load",
            "unload",
            "permit",
            "log",
            "/",
            "..",
            ".ko",
            "a",
            "_",
            "-",
            "=",
            "9",
            " ",
            "\"",
            "\n",
            "%s%n",
            "$(x)",
            "ä",
            "x".repeat(60),
            project.toString() + "/",
        };
        Random random = new Random(4);
        int loaded = 0;
        for (int i = 0; i < 200; i++) {
            List<String> words = new ArrayList<>();
            words.add(random.nextInt(4) == 0 ? pieces[random.nextInt(4)] : "load");
            for (int word = random.nextInt(4); word >= 0; word--) {
                StringBuilder text = new StringBuilder();
                for (int piece = random.nextInt(4); piece >= 0; piece--) {
                    text.append(pieces[random.nextInt(pieces.length)]);
                }
                words.add(text.toString());
            }
            if (random.nextInt(3) == 0) {
                words.set(1, module("m" + i + ".ko", "m" + i).toString());
            }
            Captured done = as(self, words.toArray(String[]::new));
            assertTrue(
                    List.of(0, RULES, REFUSED, MACHINE).contains(done.exit()),
                    () -> words + " " + done.exit());
            if (done.out().contains("loads")) {
                loaded++;
                String name = String.valueOf(Path.of(words.get(1)).getFileName());
                assertTrue(file.matcher(name).matches(), name);
                for (String given : words.subList(2, words.size())) {
                    assertTrue(parameter.matcher(given).matches(), given);
                }
            }
        }
        assertTrue(loaded > 0, "nothing was accepted, so nothing was tested");
    }

    @Test
    void twoAtATimeAreOneTooMany() throws Exception {
        String ko = module("locked.ko", "locked").toString();
        Files.createDirectories(work.resolve("state"));
        Path lock = work.resolve("state/.lock");
        Process holder =
                new ProcessBuilder("flock", lock.toString(), "sh", "-c", "echo held; cat").start();
        try {
            assertEquals("held", holder.inputReader().readLine());
            refused(MACHINE, "another module is being loaded", as(self, "load", ko));
        } finally {
            holder.outputWriter().close();
            holder.waitFor();
        }
    }

    private static NullProgressMonitor monitor() {
        return new NullProgressMonitor();
    }
}
