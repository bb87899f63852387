/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventPump;
import org.kmodscope.core.event.EventRecorder;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ui.tests.Screen;

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
                "Cancelled. globalfifo is not loaded. Press Build and Load.",
                plain(new ScopeState.NotLoaded("globalfifo", true), 0));
        assertEquals(
                "Starting the target…  Cancel",
                plain(new ScopeState.Working(ScopeState.Step.BOOT, "globalfifo"), 0));
        assertEquals(
                "Ready. Press Start, then send a stimulus.",
                plain(new ScopeState.Ready("globalfifo", "/dev/globalfifo", LAB), 0));
        var recording =
                new ScopeState.Recording("globalfifo", "/dev/globalfifo", LAB, ScopeSource.AGENT);
        assertEquals("", plain(recording, 4_000_000_000L));
        assertEquals(
                "Armed, no events for 5 s. Send one stimulus.", plain(recording, 5_000_000_000L));
        assertEquals(
                "The kernel panicked. Earlier events are kept. Open kernel log, or Build and"
                        + " Load again.",
                plain(new ScopeState.LabGone("globalfifo", true, "boo", ""), 0));
    }

    @Test
    void theLinesThatLoadingLogsAreNoPictureYet() throws Exception {
        var ready = new ScopeState.Ready("globalfifo", "/dev/globalfifo", LAB);
        var logged = Optional.of(snapshot(EventKind.KERNEL_LOG));
        var signalled = Optional.of(snapshot(EventKind.KERNEL_LOG, EventKind.SIGIO_IN));
        assertTrue(EmptyStates.text(ready, Optional.empty(), logged, 0).isPresent());
        assertEquals(Optional.empty(), EmptyStates.text(ready, Optional.empty(), signalled, 0));
    }

    private static EventSnapshot snapshot(EventKind... kinds) throws Exception {
        EventSource source =
                new EventSource() {
                    @Override
                    public String name() {
                        return "agent";
                    }

                    @Override
                    public void run(EventSink sink) {
                        for (int at = 0; at < kinds.length; at++) {
                            EventCodec.send(new Event(at, kinds[at], 0, 0, 0, 0, 0, at), sink);
                        }
                    }

                    @Override
                    public void stop() {
                        // It ends by itself.
                    }

                    @Override
                    public void close() {
                        // It holds nothing.
                    }
                };
        var listener = new EventRecorder.Listener() {};
        try (var recorder = EventRecorder.start(EventRecorder.Settings.defaults(), listener)) {
            EventPump pump = recorder.attach(source);
            Screen.await("its records", Duration.ofSeconds(10), () -> !pump.running());
            return recorder.finish();
        }
    }

    @Test
    void aHelperThatIsMissingLeadsToThePageThatInstallsIt() {
        String text = failed("Nothing.", "Install it on the page Linux Drivers > This Machine.");
        assertTrue(text.contains("<a href=\"helper\">Linux Drivers › This Machine</a>"), text);
    }

    @Test
    void aFailureKeepsItsWordsAndItsAdvice() {
        String text = failed("gf & co <x> does not compile.", "The view Problems");
        assertTrue(text.startsWith("gf && co ‹x› does not compile."), text);
        assertTrue(text.contains("<a href=\"problems\">view Problems</a>"), text);
    }

    private static String failed(String what, String remedy) {
        var status = Failures.status("Load", new KmodscopeException(Kind.FAILED, what, remedy));
        return EmptyStates.text(
                        new ScopeState.NotLoaded("gf"), Optional.of(status), Optional.empty(), 0)
                .orElseThrow();
    }
}
