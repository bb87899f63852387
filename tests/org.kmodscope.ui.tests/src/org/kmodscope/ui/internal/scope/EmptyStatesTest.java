/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.scope.ScopeState;

/** The words of an empty view are those of the design. */
class EmptyStatesTest {

    private static final TargetInfo LAB =
            new TargetInfo("QEMU · debian-6.1", "6.1.0", "x86_64", TargetInfo.Acceleration.TCG);

    private static String plain(ScopeState state, long quiet) {
        return EmptyStates.text(state, Optional.empty(), Optional.empty(), quiet)
                .orElse("")
                .replaceAll("<[^>]*>", "");
    }

    @Test
    void eachStateSaysWhatToDoNext() {
        assertEquals(
                "No driver yet. Create one, or open the sample recording.",
                plain(new ScopeState.NoDriver(), 0));
        assertEquals(
                "globalfifo is not loaded. Press Build and Load.",
                plain(new ScopeState.NotLoaded("globalfifo"), 0));
        assertEquals(
                "Ready. Press Start, then send a stimulus.",
                plain(new ScopeState.Ready("globalfifo", "/dev/globalfifo", LAB), 0));
        var recording =
                new ScopeState.Recording("globalfifo", "/dev/globalfifo", LAB, ScopeSource.AGENT);
        assertEquals("", plain(recording, 4_000_000_000L));
        assertEquals(
                "Armed, no events for 5 s. Send one stimulus.", plain(recording, 5_000_000_000L));
        assertEquals(
                "The kernel panicked. Earlier events are kept. Open kernel log.",
                plain(new ScopeState.LabGone("globalfifo", true, "boo", ""), 0));
    }

    @Test
    void aFailureKeepsItsWordsAndItsAdvice() {
        var status =
                Failures.status(
                        "Load",
                        new KmodscopeException(
                                Kind.FAILED, "gf & co <x> does not compile.", "The view Problems"));
        String text =
                EmptyStates.text(
                                new ScopeState.NotLoaded("gf"),
                                Optional.of(status),
                                Optional.empty(),
                                0)
                        .orElseThrow();
        assertTrue(text.startsWith("gf && co ‹x› does not compile."), text);
        assertTrue(text.contains("<a href=\"problems\">view Problems</a>"), text);
    }
}
