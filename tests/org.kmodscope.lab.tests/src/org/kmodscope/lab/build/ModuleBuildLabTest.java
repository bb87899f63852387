/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.build.Diagnostic.Severity;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.DebianKernelStore;

/** Modules built against Debian's 6.1, which is fetched first where it is not in the cache. */
@Timeout(300)
class ModuleBuildLabTest {

    private static final NullProgressMonitor NEVER = new NullProgressMonitor();

    private static final String GOOD =
            """
            // SPDX-License-Identifier: GPL-2.0
            #include <linux/module.h>
            #include "good.h"

            static int __init good_init(void)
            {
            	return GOOD;
            }
            module_init(good_init);
            MODULE_DESCRIPTION("a test");
            MODULE_LICENSE("GPL");
            """;

    private static KernelStore store;
    private static Kernel kernel;

    @TempDir Path temporary;

    private Path project;
    private ModuleBuild build;

    @BeforeAll
    static void fetch() throws Exception {
        store = new DebianKernelStore(CacheDirectory.of(System.getenv()), System.getenv());
        kernel = store.require(KernelStore.DEFAULT_ID, NEVER);
    }

    @BeforeEach
    void project() throws Exception {
        project = Files.createDirectories(temporary.resolve("my prøject ü"));
        build = new ModuleBuild(CacheDirectory.at(temporary.resolve("cache")));
        put("Kbuild", "obj-m := good.o\ngood-y := main.o\n");
        put("main.c", GOOD);
        put("good.h", "#define GOOD 0\n");
    }

    @Test
    void aPathWithBlanksAndLettersBuildsAndStaysClean() throws Exception {
        BuildResult result = build();
        assertEquals(List.of(), result.diagnostics());
        Path module = result.module().orElseThrow();
        assertEquals(project.toRealPath().resolve("build/debian-6.1/good.ko"), module);
        assertTrue(modinfo(module, "vermagic").startsWith(kernel.release() + " "));
        assertEquals("a test", modinfo(module, "description"));
        assertEquals(
                List.of(
                        "Kbuild",
                        "build",
                        "build/debian-6.1",
                        "build/debian-6.1/good.ko",
                        "good.h",
                        "main.c"),
                tree(project));
    }

    @Test
    void onlyWhatIsStaleIsBuilt() throws Exception {
        assertFalse(build.upToDate(request()));
        assertFalse(build().upToDate());
        assertTrue(build.upToDate(request()));
        BuildResult again = build();
        assertTrue(again.upToDate());
        assertEquals("good.ko", again.module().orElseThrow().getFileName().toString());

        put("good.h", "#define GOOD (-19)\n");
        assertFalse(build.upToDate(request()), "a header changed");
        assertFalse(build().upToDate());
        assertTrue(build().upToDate());
        assertFalse(build(request().withDebugInfo()).upToDate(), "other flags");
        assertTrue(build(request().withDebugInfo()).upToDate());

        Files.writeString(project.resolve("build/debian-6.1/good.ko"), "trodden on");
        assertFalse(build.upToDate(request().withDebugInfo()));
        assertFalse(build(request().withDebugInfo()).upToDate());
        put("probes/x.c", "not the module's");
        assertTrue(build(request().withDebugInfo()).upToDate());
    }

    @Test
    void debugInformationIsAddedWhenAsked() throws Exception {
        build();
        long plain = debugOptions();
        build(request().withDebugInfo());
        // Debian's own configuration has it already; a debug kernel's may not.
        assertEquals(plain + 1, debugOptions());
    }

    /** How often the last compilation of main.c was told to add debug information. */
    private long debugOptions() throws Exception {
        try (Stream<Path> mapped = Files.list(temporary.resolve("cache/builds"))) {
            Path command = mapped.findFirst().orElseThrow().resolve("src/.main.o.cmd");
            String saved = Files.readAllLines(command).getFirst();
            return Stream.of(saved.split(" ")).filter("-g"::equals).count();
        }
    }

    @Test
    void anErrorHasItsLineAndColumnAndNoModuleIsLeft() throws Exception {
        build();
        put("main.c", GOOD.replace("return GOOD;", "return GOOD + missing;"));
        BuildResult result = build();
        assertEquals(Optional.empty(), result.module());
        Diagnostic first = result.diagnostics().getFirst();
        assertEquals(
                "main.c:7:23: error: ‘missing’ undeclared (first use in this function)",
                first.toString());
        assertFalse(Files.exists(project.resolve("build/debian-6.1/good.ko")));
        assertFalse(build.upToDate(request()));

        put("main.c", GOOD);
        assertEquals(List.of(), build().diagnostics());
    }

    @Test
    void warningsAreSaidAgainUntilTheyAreGone() throws Exception {
        put("Kbuild", "obj-m := good.o\ngood-y := main.o other.o\n");
        put("other.c", "int unseen(void);\nint unseen(void) { int x; return 0; }\n");
        String warning = "other.c:2:24: warning: unused variable ‘x’ [-Wunused-variable]";
        assertEquals(List.of(warning), said(build()));
        assertEquals(List.of(warning), said(build()), "up to date");
        put("main.c", GOOD + "/* changed */\n");
        assertEquals(List.of(warning), said(build()), "in a file that did not change");
        put("other.c", "int unseen(void);\nint unseen(void) { return 0; }\n");
        assertEquals(List.of(), said(build()));
    }

    @Test
    void whatKbuildAndModpostSayIsRead() throws Exception {
        put("main.c", GOOD.replace("return GOOD;", "int f(void);\n\treturn f();"));
        assertEquals(List.of("error: modpost: \"f\" [good.ko] undefined!"), said(build()));
        put("main.c", GOOD.replace("\"good.h\"", "<nothing/here.h>"));
        assertEquals(
                List.of("main.c:3:10: error: nothing/here.h: No such file or directory"),
                said(build()));
        put("Kbuild", "obj-m := gone.o\n");
        assertTrue(
                said(build()).getFirst().startsWith("error: make: No rule to make target"),
                said(build()).toString());
        put("Kbuild", "obj-m := good.o\nendif\n");
        assertTrue(said(build()).getFirst().startsWith("Kbuild:2: error: make: "));
        put("Kbuild", "# nothing\n");
        assertEquals(Severity.ERROR, build().diagnostics().getFirst().severity());
    }

    @Test
    void aDeletedSourceIsGoneFromTheBuild() throws Exception {
        build();
        Files.delete(project.resolve("main.c"));
        assertEquals(Optional.empty(), build().module());
        put("main.c", GOOD);
        assertTrue(build().module().isPresent());
    }

    @Test
    void aMakefileForPeopleMayStandBesideKbuild() throws Exception {
        put("Makefile", "$(error this is for people, not for Kbuild)\n");
        assertTrue(build().module().isPresent());
    }

    @Test
    void cancellingStopsMakeAtOnce() throws Exception {
        Path fifo = temporary.resolve("fifo");
        assertEquals(0, HostCommand.of("mkfifo", fifo.toString()).capture(NEVER).exit());
        put(
                "Kbuild",
                """
                obj-m := good.o
                good-y := main.o
                $(obj)/main.o: $(obj)/slow.h
                $(obj)/slow.h:
                	@echo $$$$$$$$ > %s; exec sleep 1000
                """
                        .formatted(fifo));
        NullProgressMonitor monitor = new NullProgressMonitor();
        CompletableFuture<Long> recipe =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                // Opening waits for the recipe, so make is in the middle of it.
                                long pid = Long.parseLong(Files.readString(fifo).strip());
                                monitor.setCanceled(true);
                                return pid;
                            } catch (java.io.IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        task -> new Thread(task).start());
        assertThrows(
                OperationCanceledException.class,
                () -> build.build(request(), line -> {}, monitor));
        ProcessHandle.of(recipe.get(30, TimeUnit.SECONDS))
                .ifPresent(
                        sleep ->
                                assertTrue(
                                        sleep.onExit()
                                                        .completeOnTimeout(
                                                                null, 5, TimeUnit.SECONDS)
                                                        .join()
                                                != null,
                                        "what make started is still there"));
        assertFalse(build.upToDate(request()));
        put("Kbuild", "obj-m := good.o\ngood-y := main.o\n");
        assertTrue(build().module().isPresent(), "the next build works");
    }

    @Test
    void twoBuildsAtOnceWaitForEachOther() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CompletableFuture<?>[] all = new CompletableFuture<?>[3];
        for (int i = 0; i < all.length; i++) {
            all[i] =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    BuildResult result = build();
                                    assertTrue(result.module().isPresent());
                                    made.addAndGet(result.upToDate() ? 0 : 1);
                                } catch (KmodscopeException | InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            },
                            task -> new Thread(task).start());
        }
        CompletableFuture.allOf(all).get(120, TimeUnit.SECONDS);
        assertEquals(1, made.get());
    }

    @Test
    void theOlderAndTheNewerKernelOfTheStoreBuildToo() throws Exception {
        for (String id : List.of("debian-5.10", "debian-6.12")) {
            Kernel other = store.require(id, NEVER);
            assertTrue(other.release().startsWith(id.substring("debian-".length()) + "."));
            BuildResult result = build.build(BuildRequest.of(project, other), line -> {}, NEVER);
            assertEquals(List.of(), said(result), id);
            assertTrue(
                    modinfo(result.module().orElseThrow(), "vermagic")
                            .startsWith(other.release() + " "));
        }
    }

    @Test
    void sparseRunsOnTheHeaders() throws Exception {
        put("main.c", GOOD + "int not_declared;\n");
        build();
        try (Stream<Path> mapped = Files.list(temporary.resolve("cache/builds"))) {
            Path sources = mapped.findFirst().orElseThrow().resolve("src");
            Captured checked =
                    HostCommand.of(
                                    "make",
                                    "-C",
                                    kernel.headers().toString(),
                                    "M=" + sources,
                                    "C=2",
                                    "modules")
                            .merged()
                            .capture(NEVER);
            assertTrue(checked.out().contains("CHECK "), checked.out());
        }
    }

    private BuildRequest request() {
        return BuildRequest.of(project, kernel);
    }

    private BuildResult build() throws KmodscopeException, InterruptedException {
        return build(request());
    }

    private BuildResult build(BuildRequest request)
            throws KmodscopeException, InterruptedException {
        return build.build(request, line -> {}, NEVER);
    }

    private void put(String name, String text) throws Exception {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static List<String> said(BuildResult result) {
        return result.diagnostics().stream().map(Diagnostic::toString).toList();
    }

    private static String modinfo(Path module, String field) throws Exception {
        return HostCommand.of("modinfo", "-F", field, module.toString())
                .capture(NEVER)
                .out()
                .strip();
    }

    private static List<String> tree(Path root) throws Exception {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !path.equals(root))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
