/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.SubMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/** How a debug kernel is built, with a source tree that prints and leaves what kbuild does. */
@Timeout(120)
class DebugBuildTest {

    private static final DebugFlavour FLAVOUR = DebugFlavour.QEMU;

    /** Half of the steps, one that waits for a file, and a few more. */
    private static final String MAKEFILE =
            """
            step = @echo $@ >> $(O)/made; for i in $$(seq $(1)); do \\
            	echo "  CC      $@$$i.o"; : > $(O)/.$@$$i.o.cmd; done; : > $(O)/$@.o

            allnoconfig:
            	@grep -v "$(LOSES)" "$(KCONFIG_ALLCONFIG)" > $(O)/.config

            bzImage: $(O)/half.o $(O)/waits.o $(O)/rest.o
            	@mkdir -p $(O)/include/config; echo 6.12.0 > $(O)/include/config/kernel.release
            modules: bzImage
            $(O)/half.o: ; $(call step,@HALF@)
            $(O)/waits.o: $(O)/half.o
            	@while [ ! -e $(O)/go ]; do sleep 0.1; done
            	$(call step,1)
            $(O)/rest.o: $(O)/waits.o
            	@test -z "$(BREAKS)" || { echo "gcc: $(BREAKS)"; exit 1; }
            	$(call step,10)
            .PHONY: bzImage modules
            """;

    private static final Pattern PERCENT = Pattern.compile(".*, about (\\d+) %");

    @TempDir Path work;

    @BeforeEach
    void source() throws Exception {
        Path source = Files.createDirectories(work.resolve("source"));
        String half = Integer.toString(FLAVOUR.steps() / 2 + 1);
        // The step's name is that of its file, without where it is.
        String text = MAKEFILE.replace("@HALF@", half).replace("$@", "$(basename $(notdir $@))");
        Files.writeString(source.resolve("Makefile"), text);
        Files.createDirectories(work.resolve("objects"));
    }

    /** Remembers each percentage, and cancels at one. */
    private static final class Percentages extends NullProgressMonitor {

        private final List<Integer> told = new ArrayList<>();
        private final int last;

        Percentages(int last) {
            this.last = last;
        }

        @Override
        public void subTask(String name) {
            Matcher percent = PERCENT.matcher(name);
            if (percent.matches()) {
                told.add(Integer.parseInt(percent.group(1)));
                setCanceled(told.getLast() >= last);
            }
        }
    }

    private DebugBuild build(Map<String, String> environment) {
        return new DebugBuild(FLAVOUR, work, environment);
    }

    private static void run(DebugBuild build, NullProgressMonitor monitor) throws Exception {
        build.run(SubMonitor.convert(monitor, 100));
    }

    private List<String> made() throws Exception {
        return Files.readAllLines(work.resolve("objects/made"));
    }

    @Test
    void oneThatWasCancelledGoesOnWhereItWasAndSaysSo() throws Exception {
        DebugBuild build = build(Map.of("LOSES", "nothing"));
        Percentages first = new Percentages(50);
        assertThrows(OperationCanceledException.class, () -> run(build, first));
        assertEquals(0, first.told.getFirst());
        assertEquals(List.of("half"), made());

        Files.createFile(work.resolve("objects/go"));
        Percentages second = new Percentages(100);
        run(build, second);
        assertEquals(List.of("half", "waits", "rest"), made());
        assertTrue(second.told.getFirst() >= 50, second.told::toString);
        assertTrue(second.told.getLast() <= 99, second.told::toString);
        assertEquals("6.12.0", build.release());
    }

    @Test
    void whatMakeSaysLastIsInTheFailure() throws Exception {
        Files.createFile(work.resolve("objects/go"));
        DebugBuild broken = build(Map.of("LOSES", "nothing", "BREAKS", "no space for plugins"));
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class, () -> run(broken, new NullProgressMonitor()));
        assertEquals(Kind.MISSING, failure.kind());
        assertTrue(failure.getMessage().contains("gcc: no space for plugins"), failure::toString);
        assertTrue(failure.remedy().contains("it goes on where it stopped"), failure.remedy());
        run(build(Map.of("LOSES", "nothing")), new NullProgressMonitor());
        assertEquals(List.of("half", "waits", "rest"), made());
    }

    @Test
    void anOptionThatTheKernelDoesNotTakeIsNamedAndNothingIsCompiled() throws Exception {
        DebugBuild build = build(Map.of("LOSES", "CONFIG_KASAN=y"));
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> run(build, new NullProgressMonitor()));
        assertEquals(Kind.MISSING, failure.kind());
        assertTrue(failure.getMessage().contains("needs: CONFIG_KASAN=y."), failure::toString);
        assertTrue(Files.notExists(work.resolve("objects/made")));
    }
}
