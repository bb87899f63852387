/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.kernel.Kernel;

class KvmTrialsTest {

    @TempDir Path work;

    private KvmTrials on(String machine) {
        return new KvmTrials(CacheDirectory.at(work.resolve("cache")), machine);
    }

    private static Kernel kernel(String id, String release) {
        return new Kernel(
                id,
                release,
                Path.of("/headers"),
                Optional.of("gcc"),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void eachKernelOfEachMachineHasItsOwnAnswer() throws Exception {
        Kernel one = kernel("debian-6.1", "6.1.0-1");
        Kernel path = kernel("/home/me/linux", "6.1.0-1");
        on("a").remember(one, false);
        on("a").remember(path, true);
        assertEquals(Optional.of(false), on("a").answer(one));
        assertEquals(Optional.of(true), on("a").answer(path));
        assertEquals(Optional.empty(), on("b").answer(one));
        assertEquals(Optional.empty(), on("a").answer(kernel("debian-6.1", "6.1.0-2")));
    }

    @Test
    void aLaterTrialCounts() throws Exception {
        Kernel one = kernel("debian-6.1", "6.1.0-1");
        on("a").remember(one, false);
        on("a").remember(one, true);
        assertEquals(Optional.of(true), on("a").answer(one));
    }

    @Test
    void whatIsForgottenIsTriedAgain() throws Exception {
        Kernel one = kernel("debian-6.1", "6.1.0-1");
        on("a").forget();
        on("a").remember(one, false);
        on("a").forget();
        assertEquals(Optional.empty(), on("a").answer(one));
    }

    @Test
    void whatCannotBeReadAsAnAnswerIsNone() throws Exception {
        Kernel one = kernel("debian-6.1", "6.1.0-1");
        on("a").remember(one, true);
        List<Path> files;
        try (Stream<Path> all = Files.walk(work)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        assertEquals(1, files.size());
        Files.writeString(files.getFirst(), "wor");
        assertEquals(Optional.empty(), on("a").answer(one));
    }
}
