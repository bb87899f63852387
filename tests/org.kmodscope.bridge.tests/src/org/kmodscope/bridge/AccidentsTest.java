/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No accident with signals ends a JVM that has a bridge; seen from outside, by its exit status. */
class AccidentsTest {

    @TempDir Path directory;

    @Test
    void withoutABridgeASigioEndsTheJvm() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(directory, Accidents.class, "unprotected")) {
            assertEquals(128 + SignalHandlers.SIGIO, jvm.exit());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"32", "64", "2000"})
    void anOverflowIsToldAndResynchronised(String limit) throws Exception {
        survives("overflow", limit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "overflow-while-woken",
                "flood",
                "misdirect",
                "late",
                "interrupted-call",
                "fence-in-full-queue",
                "no-queue",
                "sandbox",
                "posix-aio-answers",
                "taken"
            })
    void survivesAndIsRight(String accident) throws Exception {
        survives(accident);
    }

    /** All of them for one model, in one child: a JVM costs more than they do. */
    @ParameterizedTest
    @ValueSource(strings = {"aio", "posix-aio", "uring", "poll", "epoll", "block"})
    void survivesWithRequestsOutstanding(String model) throws Exception {
        survives("transfers", model);
    }

    @Test
    void anotherCLibraryIsRefusedWithAReason() throws Exception {
        try (ChildJvm jvm =
                ChildJvm.startWith(
                        directory,
                        List.of("-Djna.boot.library.path=/nowhere", "-Djna.nounpack=true"),
                        Accidents.class,
                        "no-library")) {
            assertEquals(0, jvm.exit(), jvm::printed);
        }
    }

    private void survives(String... accident) throws Exception {
        try (ChildJvm jvm = ChildJvm.start(directory, Accidents.class, accident)) {
            assertEquals(0, jvm.exit(), jvm::printed);
        }
    }
}
