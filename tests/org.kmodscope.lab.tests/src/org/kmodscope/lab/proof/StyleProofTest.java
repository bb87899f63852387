/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.check.Checkpatch;
import org.kmodscope.core.driver.GeneratedTree;
import org.kmodscope.targets.DebianCheckpatch;

/**
 * {@code checkpatch.pl --strict} has nothing to say about any C file that can be generated, with
 * names as short and as long as they may be: the layout depends on their length.
 */
@Tag("proof")
@Timeout(1_200)
class StyleProofTest {

    private static final List<Integer> LENGTHS = List.of(1, 11, 31);

    @TempDir Path work;

    @Test
    void everyGeneratedFileIsCleanWhateverTheLengthOfItsName() throws Exception {
        ProofTable table =
                new ProofTable(
                        "checkpatch --strict --no-tree",
                        List.of("combinations", "names", "files", "distinct", "findings"));
        Checkpatch checkpatch = checkpatch();
        Candidates candidates = new Candidates();
        Map<String, List<Candidates.Candidate>> byTemplate = new TreeMap<>();
        for (Candidates.Candidate one : candidates.all()) {
            byTemplate.computeIfAbsent(one.template(), name -> new ArrayList<>()).add(one);
        }
        List<String> findings = new ArrayList<>();
        for (Map.Entry<String, List<Candidates.Candidate>> entry : byTemplate.entrySet()) {
            int files = 0;
            Map<String, Path> distinct = new TreeMap<>();
            Map<Path, String> origin = new TreeMap<>();
            for (Candidates.Candidate one : entry.getValue()) {
                for (int length : LENGTHS) {
                    // One name for all: what is the same text need not be looked at again.
                    String name = "qwertzuiopasdfghjklyxcvbnmqwert".substring(0, length);
                    GeneratedTree tree = candidates.render(one, name);
                    for (String path : tree.paths()) {
                        if (!path.endsWith(".c") && !path.endsWith(".h")) {
                            continue;
                        }
                        files++;
                        String text = tree.text(path).orElseThrow();
                        if (!distinct.containsKey(path + '\n' + text)) {
                            String own = entry.getKey() + "-" + distinct.size();
                            Path file = work.resolve(own).resolve(path);
                            Files.createDirectories(file.resolveSibling(""));
                            Files.writeString(file, text);
                            distinct.put(path + '\n' + text, work.relativize(file));
                            origin.put(work.relativize(file), one + ", name of " + length);
                        }
                    }
                }
            }
            List<String> names = distinct.values().stream().map(Path::toString).toList();
            List<Diagnostic> found = checkpatch.check(work, names, new NullProgressMonitor());
            found.forEach(
                    each -> findings.add(each + " (" + origin.get(Path.of(each.file())) + ")"));
            table.set(entry.getKey(), "combinations", entry.getValue().size());
            table.set(entry.getKey(), "names", LENGTHS.size());
            table.set(entry.getKey(), "files", files);
            table.set(entry.getKey(), "distinct", distinct.size());
            table.set(entry.getKey(), "findings", found.size());
        }
        table.write("style");
        assertFalse(byTemplate.isEmpty());
        assertEquals(List.of(), findings);
    }

    /** Else a checker that never finds anything would prove all. */
    @Test
    void aFaultIsFoundWithItsPlaceAndAnIgnoredOneIsIgnoredOnlyWhereItIsNamed() throws Exception {
        String version = "#include <linux/version.h>\n\n#if LINUX_VERSION_CODE < 5\n#endif\n";
        String head = "/* SPDX-License-Identifier: GPL-2.0 */\n";
        Files.writeString(work.resolve("x_compat.h"), head + version);
        Files.writeString(work.resolve("-x.h"), head + version);
        Files.writeString(work.resolve("y.c"), "// SPDX-License-Identifier: GPL-2.0\nint  x ;\n");
        Checkpatch checkpatch = checkpatch();
        List<String> files = Checkpatch.filesOf(work);
        assertEquals(List.of("-x.h", "x_compat.h", "y.c"), files);
        List<Diagnostic> found = checkpatch.check(work, files, new NullProgressMonitor());
        assertTrue(found.stream().anyMatch(one -> one.file().equals("y.c") && one.line() == 2));
        assertTrue(
                found.stream()
                        .anyMatch(
                                one ->
                                        one.file().equals("-x.h")
                                                && one.text().endsWith("[LINUX_VERSION_CODE]")),
                found::toString);
        assertTrue(
                found.stream().noneMatch(one -> one.file().equals("x_compat.h")), found::toString);
    }

    private static Checkpatch checkpatch() throws Exception {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        return new Checkpatch(new DebianCheckpatch(cache).require(new NullProgressMonitor()));
    }
}
