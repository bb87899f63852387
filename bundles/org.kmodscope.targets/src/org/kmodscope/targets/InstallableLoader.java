/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.PrivilegedLoader;
import org.kmodscope.targets.internal.agent.NativePrograms;
import org.kmodscope.targets.internal.local.InstalledLoader;

/** The helper as a program of root's, and an action of polkit's where that is installed. */
public final class InstallableLoader implements PrivilegedLoader {

    private static final String SOURCE = "/polkit/org.kmodscope.local.policy";

    private final CacheDirectory cache;

    /**
     * @param cache where the helper is compiled
     */
    public InstallableLoader(CacheDirectory cache) {
        this.cache = cache;
    }

    @Override
    public Path place() {
        return InstalledLoader.PROGRAM;
    }

    @Override
    public boolean isInstalled() throws InterruptedException {
        return InstalledLoader.find().isPresent();
    }

    @Override
    public List<List<String>> installation(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path helper = NativePrograms.require(cache, monitor).helper();
        List<List<String>> commands = new ArrayList<>();
        commands.add(install("0755", helper, InstalledLoader.PROGRAM));
        Path actions = InstalledLoader.POLICY.getParent();
        if (actions != null && Files.isDirectory(actions)) {
            commands.add(install("0644", policy(), InstalledLoader.POLICY));
        }
        return commands;
    }

    @Override
    public List<List<String>> removal() {
        return List.of(
                List.of(
                        "rm",
                        "-f",
                        InstalledLoader.PROGRAM.toString(),
                        InstalledLoader.POLICY.toString()));
    }

    private static List<String> install(String mode, Path from, Path to) {
        return List.of(
                "install",
                "-D",
                "-o",
                "root",
                "-g",
                "root",
                "-m",
                mode,
                from.toString(),
                to.toString());
    }

    private Path policy() throws KmodscopeException {
        Path file = cache.directory("agent").resolve("org.kmodscope.local.policy");
        try (InputStream in = InstallableLoader.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IOException("it is not in this program");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The polkit action cannot be put into " + file + ": " + e.getMessage() + ".",
                    "Free space there, or install kmodscope again.",
                    e);
        }
    }
}
