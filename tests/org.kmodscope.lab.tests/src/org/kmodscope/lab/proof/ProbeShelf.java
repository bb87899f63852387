/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.ProbeProgram;
import org.kmodscope.core.probe.ProbeSpec;

/** Programs of probes, each text compiled once: most projects have the same ones. */
final class ProbeShelf {

    private final ProbeBuild builds;
    private final Map<String, Path> programs = new TreeMap<>();

    ProbeShelf(CacheDirectory cache) {
        this.builds = new ProbeBuild(cache);
    }

    /** The program of a project's probe. */
    synchronized Path program(ProbeSpec probe) throws Exception {
        String text = text(probe);
        if (!programs.containsKey(text)) {
            ProbeProgram built = builds.build(probe, line -> {}, new NullProgressMonitor());
            assertEquals(List.of(), built.diagnostics(), probe.name());
            programs.put(text, built.program().orElseThrow());
        }
        return programs.get(text);
    }

    private static String text(ProbeSpec probe) throws Exception {
        StringBuilder text = new StringBuilder(probe.name());
        for (Path source : probe.sources()) {
            text.append(Files.readString(source));
        }
        try (var headers = Files.list(probe.project().resolve("probes"))) {
            for (Path header : headers.filter(each -> each.toString().endsWith(".h")).toList()) {
                text.append(Files.readString(header));
            }
        }
        return text.toString();
    }
}
