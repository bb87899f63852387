/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.Prompt;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.target.Consent;

/** When the user is asked before a module goes into this machine's own kernel. */
class ConsentTest {

    private static final TargetSpec LOCAL = new TargetSpec.Local();

    private final Path work;
    private final List<Prompt.Question> asked = new ArrayList<>();
    private boolean agrees = true;

    ConsentTest(@TempDir Path work) {
        this.work = work;
    }

    private Path source() {
        return work.resolve("driver/fifo.c");
    }

    private Path module() {
        return work.resolve("fifo.ko");
    }

    private Consent consent() {
        return new Consent(
                CacheDirectory.at(work.resolve("cache")),
                new Prompt() {
                    @Override
                    public boolean accept(Question question) {
                        asked.add(question);
                        if (!agrees) {
                            throw new OperationCanceledException();
                        }
                        return true;
                    }

                    @Override
                    public Optional<String> secret(Secret wanted) {
                        throw new AssertionError(wanted);
                    }
                });
    }

    @BeforeEach
    void write() throws Exception {
        Files.createDirectories(source().getParent());
        Files.writeString(source(), "int one;");
        Files.writeString(module(), "built of it");
    }

    private void before(Consent consent, TargetSpec target) throws Exception {
        consent.before(target, source().getParent(), module());
    }

    @Test
    void eachVersionThatHasNotPassedIsAskedForOnce() throws Exception {
        Consent consent = consent();
        before(consent, LOCAL);
        before(consent, LOCAL);
        assertEquals(1, asked.size());
        assertTrue(asked.getFirst().text().startsWith("fifo.ko has not passed a lab run"));
        Files.writeString(source(), "int two;");
        before(consent, LOCAL);
        assertEquals(2, asked.size());
    }

    @Test
    void aNoLoadsNothingAndIsNotRemembered() {
        Consent consent = consent();
        agrees = false;
        assertThrows(OperationCanceledException.class, () -> before(consent, LOCAL));
        assertThrows(OperationCanceledException.class, () -> before(consent, LOCAL));
        assertEquals(2, asked.size());
    }

    @Test
    void whatPassedInALabIsLoadedWithoutAQuestion() throws Exception {
        LabPasses.Identity driver = LabPasses.of(source().getParent(), module());
        consent().passed(new TargetSpec.Ssh(Board.at("pi")), driver);
        consent().passed(LOCAL, driver);
        before(consent(), LOCAL);
        assertEquals(1, asked.size());
        consent().passed(new TargetSpec.Qemu("debian-6.1"), driver);
        before(consent(), LOCAL);
        assertEquals(1, asked.size());
    }

    @Test
    void nothingIsAskedForOtherTargets() throws Exception {
        before(consent(), new TargetSpec.Qemu("debian-6.1"));
        before(consent(), new TargetSpec.Ssh(Board.at("pi")));
        assertEquals(List.of(), asked);
    }

    @Test
    void whereNobodyCanBeAskedNothingIsLoaded() {
        Consent nobody = new Consent(CacheDirectory.at(work.resolve("cache")), Prompt.NOBODY);
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> before(nobody, LOCAL));
        assertEquals(KmodscopeException.Kind.USAGE, failure.kind());
    }
}
