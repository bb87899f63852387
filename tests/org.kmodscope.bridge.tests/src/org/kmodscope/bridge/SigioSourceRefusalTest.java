/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.IoModel.Signals;

/** What cannot be watched is refused with a reason, and leaves nothing open. */
@Timeout(120)
class SigioSourceRefusalTest {

    @Test
    void whatHasNoFasyncIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        int counter = Posix.eventfd(0, 0);
        try (SigioSource idle = Bridge.open().signals();
                RunningBridge running = RunningBridge.start()) {
            for (SigioSource bridge : List.of(idle, running.bridge)) {
                long before = Posix.count("/dev/null");
                assertNoFasync(() -> bridge.arm("/dev/null", new Signals(false, 0)));
                assertNoFasync(() -> bridge.arm(file.toString(), new Signals(true, 1)));
                assertNoFasync(() -> bridge.armDescriptor(counter, new Signals(false, 0)));
                assertEquals(before, Posix.count("/dev/null"));
                assertEquals(0, Posix.count(file.toString()));
            }
            try (Ends pipe = Posix.pipe()) {
                running.arm(pipe.reader());
                pipe.write(1);
                running.recorder.await(EventKind.SIGIO_IN, 1);
            }
        }
        Libc.close(counter);
    }

    @Test
    void badRequestsAreRefusedWithAReason(@TempDir Path directory) throws Exception {
        try (SigioSource bridge = Bridge.open().signals();
                Ends pipe = Posix.pipe()) {
            Path absent = directory.resolve("absent");
            assertRefused(
                    Kind.FAILED, "could not be opened", bridge, request(absent.toString(), 1));
            assertRefused(Kind.FAILED, "could not be opened", bridge, request("/dev", 1));
            assertRefused(Kind.USAGE, "cannot be a device's path", bridge, request("", 1));
            assertRefused(Kind.USAGE, "cannot be a device's path", bridge, request("/dev/\0x", 1));
            assertRefused(Kind.USAGE, "cannot ask for 0", bridge, request("/dev/null", 0));
            assertRefused(
                    Kind.USAGE, "cannot ask for", bridge, request("/dev/null", Integer.MAX_VALUE));
            assertThrows(
                    KmodscopeException.class,
                    () -> bridge.armDescriptor(1 << 20, new Signals(false, 0)));
            Libc.fcntl(pipe.reader(), Descriptor.F_SETFL, 0L);
            KmodscopeException blocking =
                    assertThrows(
                            KmodscopeException.class,
                            () -> bridge.armDescriptor(pipe.reader(), new Signals(true, 1)));
            assertTrue(blocking.getMessage().contains("would block"));
        }
    }

    private record Request(String device, Signals how) {}

    private static Request request(String device, int readBytes) {
        return new Request(device, new Signals(true, readBytes));
    }

    private interface Arming {
        SigioSource.Device arm() throws Exception;
    }

    private static void assertNoFasync(Arming arming) {
        KmodscopeException refused = assertThrows(KmodscopeException.class, arming::arm);
        assertEquals(Kind.FAILED, refused.kind());
        assertTrue(refused.getMessage().contains("has no fasync"), refused.getMessage());
        assertFalse(refused.remedy().isEmpty());
    }

    private static void assertRefused(
            Kind kind, String words, SigioSource bridge, Request request) {
        KmodscopeException refused =
                assertThrows(
                        KmodscopeException.class,
                        () -> bridge.arm(request.device(), request.how()));
        assertEquals(kind, refused.kind());
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
        assertFalse(refused.remedy().isEmpty());
    }
}
