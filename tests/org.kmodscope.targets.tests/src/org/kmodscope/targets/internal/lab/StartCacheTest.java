/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.GuestBridge;

/** The rehearsal on this machine; that a lab starts from it is BridgeModelsTest's. */
class StartCacheTest {

    @TempDir Path work;
    private Path root;
    private Path java;
    private Path cache;

    /** A disk that has this machine's own Java. */
    @BeforeEach
    void disk() throws Exception {
        root = work.resolve("root");
        Files.createDirectories(root.resolve("jdk/bin"));
        Files.createDirectories(root.resolve("jdk/lib"));
        java = root.resolve("jdk/bin/java");
        Files.createSymbolicLink(java, Path.of(System.getProperty("java.home"), "bin", "java"));
        cache = root.resolve("jdk/lib/bridge.aot");
    }

    /** JUnit warns of links that leave its directory. */
    @AfterEach
    void unlink() throws Exception {
        Files.delete(java);
    }

    private void make(String... arguments) throws Exception {
        GuestBridge bridge =
                new GuestBridge() {
                    @Override
                    public Set<String> modules() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public String fingerprint() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public void install(Path directory) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public List<String> arguments(String at, String port, ArmRequest request) {
                        assertEquals(root + "/program", at);
                        assertTrue(Files.isRegularFile(Path.of(port)), port);
                        return List.of(arguments);
                    }
                };
        Path stage = Files.createDirectory(work.resolve("stage"));
        StartCache.make(bridge, root, "/program", stage, new NullProgressMonitor());
    }

    @Test
    @EnabledForJreRange(minVersion = 25)
    void whatWasLoadedIsKept() throws Exception {
        make("-version");
        assertTrue(Files.size(cache) > 1 << 20);
        assertEquals(List.of("-XX:AOTCache=/jdk/lib/bridge.aot"), StartCache.arguments());
    }

    @Test
    void aBridgeThatCannotStartHereLeavesNone() throws Exception {
        make("--no-such-option");
        assertFalse(Files.exists(cache));
    }
}
