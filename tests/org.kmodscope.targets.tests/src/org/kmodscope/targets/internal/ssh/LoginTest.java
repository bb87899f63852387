/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.Prompt;

/** What comes of the configuration before anybody is connected to. */
class LoginTest {

    @TempDir Path ssh;

    @Test
    void aWayInACircleIsRefused() throws Exception {
        Files.writeString(ssh.resolve("config"), "Host a\n ProxyJump b\nHost b\n ProxyJump a\n");
        Login login = new Login(ssh, Map.of(), Prompt.NOBODY);
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> login.connect("me@a", Optional.empty(), new NullProgressMonitor()));
        assertEquals(Kind.USAGE, failure.kind());
        assertTrue(failure.remedy().contains("ProxyJump"), failure::remedy);
    }
}
