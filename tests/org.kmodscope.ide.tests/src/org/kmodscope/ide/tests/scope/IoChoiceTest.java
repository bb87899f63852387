/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.scope.IoChoice;
import org.kmodscope.ide.scope.IoOffer;
import org.kmodscope.ide.scope.ScopeChoice;
import org.kmodscope.ide.scope.ScopePreferences;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.target.TargetOption;

/** Which models of I/O can be chosen, which are, and what of that is kept. */
class IoChoiceTest {

    private final ScopePreferences preferences = new ScopePreferences(InstanceScope.INSTANCE);

    @BeforeEach
    @AfterEach
    void forget() {
        preferences.clear();
    }

    private static List<String> words(String... toggled) {
        IoChoice choice = IoChoice.initial();
        for (String word : toggled) {
            choice = choice.toggled(word);
        }
        return choice.words();
    }

    @Test
    void severalModelsAreChosenInTheOrderInWhichTheyAreOffered() {
        assertEquals(List.of("sigio"), words());
        assertEquals(List.of("sigio", "aio", "poll"), words("poll", "aio"));
        assertEquals(List.of("poll"), words("poll", "sigio"));
    }

    @Test
    void theLastModelStays() {
        assertEquals(List.of("sigio"), words("sigio"));
    }

    @Test
    void whatCannotTakeTurnsExcludesTheOthers() {
        assertEquals(List.of("posix-aio"), words("poll", "posix-aio"));
        assertEquals(List.of("poll"), words("posix-aio", "poll"));
    }

    @Test
    void oneModelIsAskedForPlainlyAndSeveralInTurns() {
        IoChoice one = IoChoice.initial().withWords(List.of("aio")).withDepth(8);
        assertEquals(new IoModel.KernelAio(IoModel.Direction.READ, 8, 64), one.model(64));
        assertEquals("Kernel AIO", one.title());
        IoChoice two = one.withWords(List.of("aio", "poll")).withTurn(Duration.ofMillis(500));
        IoModel.Turns turns =
                new IoModel.Turns(List.of("aio", "poll"), 8, 64, Duration.ofMillis(500));
        assertEquals(turns, two.model(64));
        assertEquals("2 models", two.title());
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        IoChoice good = IoChoice.initial();
        assertThrows(IllegalArgumentException.class, () -> good.withDepth(0));
        assertThrows(IllegalArgumentException.class, () -> good.withDepth(65));
        assertThrows(IllegalArgumentException.class, () -> good.withTurn(Duration.ofMillis(99)));
        assertThrows(IllegalArgumentException.class, () -> good.withWords(List.of("smoke")));
    }

    private static Set<String> possible(ScopeSource source, Optional<FeatureSet> features) {
        return IoOffer.all(source, features).stream()
                .filter(offer -> offer.reason().isEmpty())
                .map(IoOffer::word)
                .collect(Collectors.toSet());
    }

    @Test
    void everyModelIsOfferedWhereItCanBe() {
        Optional<FeatureSet> all = Optional.of(FeatureSet.defaults());
        assertEquals(Set.copyOf(IoModel.WORDS), possible(ScopeSource.BRIDGE, all));
        assertEquals(Set.copyOf(IoModel.WORDS), possible(ScopeSource.BRIDGE, Optional.empty()));
        assertEquals(Set.of("sigio"), possible(ScopeSource.AGENT, all));
    }

    @Test
    void whatTheDriverLacksIsTheReason() {
        Optional<FeatureSet> none = Optional.of(FeatureSet.none());
        assertEquals(Set.of("block", "uring", "posix-aio"), possible(ScopeSource.BRIDGE, none));
        for (IoOffer offer : IoOffer.all(ScopeSource.BRIDGE, none)) {
            offer.reason().ifPresent(why -> assertTrue(why.startsWith("the driver "), why));
        }
    }

    @Test
    void readyAndDoneAreInDifferentFamilies() {
        for (String word : IoModel.WORDS) {
            boolean done = IoOffer.family(word) == IoOffer.Family.COMPLETION;
            assertEquals(IoModel.saysDone(word), done, word);
        }
    }

    @Test
    void whatWasChosenIsKept() {
        ScopeChoice first = ScopeChoice.initial();
        assertEquals(first, preferences.restore(first));
        ScopeChoice chosen =
                first.withSource(ScopeSource.BRIDGE)
                        .withIo(new IoChoice(List.of("sigio", "poll"), 9, Duration.ofMillis(300)));
        preferences.keep(chosen);
        assertEquals(chosen, preferences.restore(first));
    }

    @Test
    void whatIsKeptWronglyIsLeftOut() {
        IEclipsePreferences node = InstanceScope.INSTANCE.getNode("org.kmodscope.ide");
        preferences.keep(ScopeChoice.initial().withSource(ScopeSource.BRIDGE));
        node.put("scope.io", "smoke,mirrors");
        ScopeChoice restored = preferences.restore(ScopeChoice.initial());
        assertEquals(ScopeSource.BRIDGE, restored.source());
        assertEquals(IoChoice.initial(), restored.io());
    }

    private static final List<TargetOption> OFFERED =
            List.of(
                    TargetOption.of(ScopeChoice.initial().target()),
                    TargetOption.of(new TargetSpec.Uml()),
                    TargetOption.of(new TargetSpec.Local()));

    private TargetSpec afterChoosing(TargetSpec target) {
        preferences.keepTarget(target);
        return preferences.restoreTarget(ScopeChoice.initial(), OFFERED).target();
    }

    @Test
    void theTargetIsKeptWhereItIsStillOffered() {
        assertEquals(new TargetSpec.Uml(), afterChoosing(new TargetSpec.Uml()));
        assertEquals(ScopeChoice.initial().target(), afterChoosing(new TargetSpec.Qemu("gone")));
    }

    @Test
    void thisMachineAndRecordingsAreChosenAnew() {
        preferences.keepTarget(new TargetSpec.Uml());
        assertEquals(new TargetSpec.Uml(), afterChoosing(new TargetSpec.Local()));
        TargetSpec recording = new TargetSpec.Recorded(Path.of("session.recording"), true);
        assertEquals(new TargetSpec.Uml(), afterChoosing(recording));
    }
}
