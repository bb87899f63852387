/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.cli.internal.terminal.Screen;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.target.KvmTrials;
import org.kmodscope.core.target.Prompt;

/** KVM is tried again when that is asked for, and only then. */
class RetryKvmTest {

    @TempDir Path place;

    /** A run that ends before a lab is started, because it names a probe that is not there. */
    private void probe(Map<String, String> environment, String... more) {
        String[] arguments = {"probe", place.resolve("driver").toString(), "--probe", "none"};
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        Fixture fixture = fixture(environment);
        assertEquals(2, fixture.run(all));
        assertTrue(fixture.err().contains("none"), fixture.err());
    }

    private static Fixture fixture(Map<String, String> environment) {
        return new Fixture(
                Screen.pipes(), new Composition(environment, Prompt.NOBODY, failure -> {}));
    }

    @Test
    void whatKvmCouldNotDoIsForgottenWhenAskedFor() throws Exception {
        Map<String, String> environment =
                Map.of("HOME", place.toString(), "XDG_CACHE_HOME", place.resolve("c").toString());
        String project = place.resolve("driver").toString();
        assertEquals(0, fixture(environment).run("new", project, "--name", "fifo"));
        KvmTrials trials = new KvmTrials(CacheDirectory.of(environment));
        Kernel kernel =
                new Kernel(
                        "debian-6.1",
                        "6.1.0",
                        place,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        trials.remember(kernel, false);
        probe(environment);
        assertEquals(Optional.of(false), trials.answer(kernel));
        probe(environment, "--retry-kvm");
        assertEquals(Optional.empty(), trials.answer(kernel));
    }
}
