/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/** What is run as root, with harmless programs in the place of those that ask. */
class AsRootTest {

    @TempDir Path work;

    @Test
    void whoAsksPrecedesEachCommand() {
        AsRoot sudo = new AsRoot(List.of("sudo", "-A"));
        assertEquals(List.of("sudo", "-A", "rm", "x y"), sudo.command(List.of("rm", "x y")));
        assertEquals(List.of("rm"), new AsRoot(List.of()).command(List.of("rm")));
    }

    @Test
    void commandsRunInTheirOrderUpToTheFirstThatFails() throws Exception {
        Path first = work.resolve("first");
        Path last = work.resolve("last");
        AsRoot env = new AsRoot(List.of("env"));
        List<List<String>> commands =
                List.of(
                        List.of("touch", first.toString()),
                        List.of("ls", work.resolve("nothing").toString()),
                        List.of("touch", last.toString()));
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> env.run(commands, new NullProgressMonitor()));
        assertEquals(Kind.FAILED, failure.kind());
        assertTrue(failure.getMessage().startsWith("env ls " + work), failure::getMessage);
        assertTrue(failure.getMessage().contains("No such file"), failure::getMessage);
        assertTrue(Files.exists(first));
        assertFalse(Files.exists(last));
    }
}
