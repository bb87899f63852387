/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.cli.internal.terminal.Screen;
import org.kmodscope.core.target.Prompt;

/** The list of kernels, as a user changes it. */
class KernelsTest {

    @TempDir Path home;

    private Fixture kernels(String... options) {
        Map<String, String> environment = Map.of("HOME", home.toString());
        Fixture fixture =
                new Fixture(
                        Screen.pipes(), new Composition(environment, Prompt.NOBODY, failure -> {}));
        String[] arguments = new String[options.length + 1];
        arguments[0] = "kernels";
        System.arraycopy(options, 0, arguments, 1, options.length);
        assertEquals(0, fixture.run(arguments), fixture::err);
        return fixture;
    }

    @Test
    void aDirectoryIsInTheListUntilItIsTakenOutOfIt() throws Exception {
        Path tree = home.toRealPath().resolve("linux");
        Path generated = Files.createDirectories(tree.resolve("include/generated"));
        Files.writeString(generated.resolve("utsrelease.h"), "#define UTS_RELEASE \"6.6.6\"\n");
        Files.writeString(tree.resolve("Makefile"), "");
        kernels("--add", tree.toString());
        assertTrue(kernels().out().contains(tree.toString()));
        assertTrue(kernels("--remove", tree.toString()).err().contains("in the list any more"));
        assertFalse(kernels().out().contains(tree.toString()));
        assertTrue(Files.exists(tree.resolve("Makefile")));
        assertTrue(kernels("--remove", "debian-6.1").err().contains("in the cache any more"));
    }
}
