/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IoModelTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Optional<IoModel> reading(String words) {
        return IoModel.reading(words, 4, 64, SECOND);
    }

    @Test
    void oneWordIsThatModelAndSeveralTakeTurns() {
        assertEquals(Optional.of(new IoModel.Poll(64)), reading("poll"));
        IoModel turns = reading("poll,aio").orElseThrow();
        assertEquals(new IoModel.Turns(List.of("poll", "aio"), 4, 64, SECOND), turns);
        assertEquals("poll,aio", turns.word());
    }

    @Test
    void whatCannotTakeTurnsIsNoListAndSaysWhy() {
        assertEquals(Optional.empty(), reading("poll,poll"));
        assertEquals(Optional.empty(), reading("poll,"));
        assertEquals(Optional.empty(), reading("poll,smoke"));
        assertEquals(Optional.empty(), reading("poll,posix-aio"));
        assertTrue(IoModel.whyNoTurns("posix-aio").isPresent());
        assertEquals(Optional.empty(), IoModel.whyNoTurns("aio"));
    }

    @Test
    void turnsAreNeitherTooShortNorTooLong() {
        List<String> words = List.of("poll", "aio");
        for (Duration wrong : List.of(Duration.ofMillis(99), Duration.ofSeconds(61))) {
            assertThrows(
                    IllegalArgumentException.class, () -> new IoModel.Turns(words, 1, 1, wrong));
        }
    }

    @Test
    void aModelIsKnownByTheNameOfItsSource() {
        IoModel turns = reading("poll,aio").orElseThrow();
        assertEquals(List.of("bridge:poll", "bridge:aio"), turns.sources("bridge"));
        assertEquals(Optional.of("aio"), IoModel.wordOf("bridge:aio"));
        assertEquals(Optional.empty(), IoModel.wordOf("bridge"));
        assertEquals(Optional.empty(), IoModel.wordOf("bridge:smoke"));
        assertEquals(List.of(), new IoModel.Poll(1).sources("bridge"));
    }

    @Test
    void readyAndDoneAreToldApart() {
        for (String word : IoModel.WORDS) {
            boolean queued = List.of("aio", "posix-aio", "uring").contains(word);
            assertEquals(queued, IoModel.saysDone(word), word);
        }
        assertFalse(IoModel.saysDone("smoke"));
    }
}
