/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.event.EventKind;

/** Which events belong together, and where that cannot be known. */
class ChainFinderTest {

    private static List<Chain> find(Pictures events) throws Exception {
        return ChainFinder.find(events.picture(0, 20_000, 1_000));
    }

    private static Chain of(List<Chain> chains, long id) {
        return chains.stream().filter(chain -> chain.id() == id).findFirst().orElseThrow();
    }

    @Test
    void aWriteItsSignalAndTheReadThatAnswersAreOne() throws Exception {
        List<Chain> chains = find(new Pictures().write(100, 7).signal(180).read(200, 3, 16));
        assertEquals(1, chains.size());
        Chain chain = chains.getFirst();
        assertEquals(7, chain.id());
        assertEquals("notification", chain.mechanism());
        assertEquals(OptionalLong.of(80_000), chain.hop(1));
        assertEquals(OptionalLong.of(24_000), chain.hop(2), "until the read returned");
        assertEquals(OptionalLong.of(104_000), chain.total());
    }

    @Test
    void aReadThatFindsNothingAnswersNothing() throws Exception {
        List<Chain> chains =
                find(
                        new Pictures()
                                .write(100, 1)
                                .write(120, 2)
                                .signal(180)
                                .signal(181)
                                .read(200, 1, 32)
                                .read(220, 2, -11)
                                .write(5_000, 3)
                                .signal(5_080)
                                .read(5_100, 3, 16));
        assertEquals(OptionalLong.of(104_000), of(chains, 1).total());
        assertTrue(of(chains, 2).hop(2).isEmpty(), "its bytes went with the first read");
        assertEquals(OptionalLong.of(104_000), of(chains, 3).total());
    }

    @Test
    void whatTheKernelToldIsJoinedByNumberThroughALoss() throws Exception {
        List<Chain> chains =
                find(
                        new Pictures()
                                .tracedWrite(100, 1, 41)
                                .add(150, EventKind.LOST, 0, 7, 0)
                                .add(180, EventKind.SIGIO_IN, 41, 0, 0x41)
                                .read(200, 1, 16));
        Chain chain = of(chains, 1);
        assertEquals(4, chain.links().size());
        assertEquals("SIGIO generated", chain.links().get(1).title());
        assertEquals(OptionalLong.of(3_000), chain.hop(1));
        assertEquals(OptionalLong.of(77_000), chain.hop(2));
        assertEquals(OptionalLong.of(104_000), chain.total());
    }

    @Test
    void aSignalOfSomebodyElseTakesItsReadButNoChain() throws Exception {
        List<Chain> chains =
                find(
                        new Pictures()
                                .add(90, EventKind.SIGIO_IN, 40, 0, 0x41)
                                .tracedWrite(100, 1, 41)
                                .add(180, EventKind.SIGIO_IN, 41, 0, 0x41)
                                .read(200, 1, 16)
                                .read(220, 2, 16));
        assertEquals(1, chains.size());
        assertEquals(OptionalLong.of(124_000), of(chains, 1).total(), "the second read is its");
    }

    @Test
    void aWriteThatFailedCausesNothing() throws Exception {
        List<Chain> chains =
                find(
                        new Pictures()
                                .add(100, EventKind.WRITE_START, 1, 0, 0)
                                .add(103, EventKind.WRITE_END, 1, -11, 0)
                                .write(200, 2)
                                .signal(260));
        assertTrue(of(chains, 1).hop(1).isEmpty());
        assertEquals(OptionalLong.of(60_000), of(chains, 2).hop(1));
    }

    @Test
    void nothingIsJoinedAcrossALoss() throws Exception {
        List<Chain> chains =
                find(
                        new Pictures()
                                .write(100, 1)
                                .add(150, EventKind.LOST, 20_000, 2, 0)
                                .signal(180)
                                .write(300, 2)
                                .signal(350)
                                .write(4_000, 3)
                                .signal(4_060));
        assertTrue(of(chains, 1).hop(1).isEmpty());
        assertTrue(of(chains, 2).hop(1).isEmpty(), "too soon after the loss to be sure");
        assertEquals(OptionalLong.of(60_000), of(chains, 3).hop(1));
    }

    @Test
    void aLongLossIsNoPause() throws Exception {
        List<Chain> chains =
                find(
                        new Pictures()
                                .write(100, 1)
                                .add(9_000, EventKind.LOST, 8_800_000, 40, 0)
                                .write(9_050, 2)
                                .signal(9_070)
                                .signal(9_100));
        assertTrue(of(chains, 2).hop(1).isEmpty(), "the signal may be that of a lost write");
    }

    @Test
    void somebodyElsesWriteSpoilsWhatWasNotCertain() throws Exception {
        List<Chain> chains =
                find(
                        new Pictures()
                                .write(100, 1)
                                .signal(150)
                                .signal(160)
                                .write(9_000, 2)
                                .signal(9_050));
        assertTrue(of(chains, 1).hop(1).isEmpty());
        assertEquals(OptionalLong.of(50_000), of(chains, 2).hop(1));
    }

    @Test
    void aRequestAndItsEndAreOne() throws Exception {
        List<Chain> chains =
                find(
                        new Pictures()
                                .add(100, EventKind.AIO_SUBMIT, 5, 0, 0)
                                .add(400, EventKind.AIO_COMPLETE, 5, 64, 0)
                                .add(500, EventKind.AIO_SUBMIT, 6, 0, 0));
        assertEquals(1, chains.size(), "the second is not over");
        assertEquals("asynchronous I/O", chains.getFirst().mechanism());
        assertEquals(OptionalLong.of(300_000), chains.getFirst().total());
    }
}
