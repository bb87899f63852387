/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;

class FeatureSetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fasync,poll | fasync,pollout,poll",
                "poll, fasync , pollout=none | fasync,poll,pollout=none",
                "pollout | fasync,pollout",
                "aio=queued | aio=queued,workqueue",
                "aio=deferred,fasync | fasync,pollout,aio=deferred,workqueue",
                "poll,aio=none | poll",
                "none | none",
                "ioctl,ioctl | ioctl",
                "aio=queued,workqueue=dedicated | aio=queued,workqueue",
                "workqueue=ordered,aio=queued | aio=queued,workqueue=ordered",
                "aio=deferred,workqueue=system | aio=deferred,workqueue=system",
                "fsync | aio=queued,workqueue,fsync",
                "trace,cdev,minors,params | params,minors,cdev,trace",
            })
    void listsAreReadAndWritten(String list, String canonical) throws KmodscopeException {
        var set = FeatureSet.parse(list);
        assertEquals(canonical, set.toString());
        assertEquals(set, FeatureSet.parse(canonical));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fasync | fasync,signal=work,pollout=none",
                "fasync,signal=irq,poll | fasync,signal=irq,poll,pollout=none",
                "signal=work | fasync,signal=work,pollout=none",
                "poll | poll",
            })
    void fasyncBringsOnlyWhatATemplateOffers(String list, String canonical)
            throws KmodscopeException {
        var offered = Set.of(Feature.FASYNC, Feature.SIGNAL_WORK, Feature.SIGNAL_IRQ, Feature.POLL);
        var set = FeatureSet.parse(list, offered);
        assertEquals(canonical, set.toString());
        assertEquals(set, FeatureSet.parse(canonical, offered));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "fasync,",
                "fasync poll",
                "FASYNC",
                "aio",
                "aio=",
                "aio=fast",
                "aio=queued,aio=deferred",
                "aio=queued,aio=none",
                "aio=deferred,aio=none",
                "pollout,pollout=none",
                "none,poll",
                "fsync,aio=deferred",
                "fsync,aio=none",
                "workqueue=system,workqueue=ordered",
                "workqueue,workqueue=ordered",
                "workqueue=fast",
                "signal=work,signal=irq",
            })
    void wrongListsAreRefused(String list) {
        var refused = assertThrows(KmodscopeException.class, () -> FeatureSet.parse(list));
        assertEquals(KmodscopeException.Kind.USAGE, refused.kind());
        assertFalse(refused.remedy().isEmpty());
    }

    @Test
    void whatAsynchronousIoBroughtGoesWithIt() {
        var queued = FeatureSet.none().with(Feature.AIO_QUEUED);
        assertTrue(queued.has(Feature.WORKQUEUE_DEDICATED));
        assertEquals(FeatureSet.none(), queued.without(Feature.AIO_QUEUED));
        assertEquals(FeatureSet.none(), queued.without(Feature.WORKQUEUE_DEDICATED));
        assertTrue(queued.without(Feature.AIO_DEFERRED).has(Feature.AIO_QUEUED));
    }

    @Test
    void aSpecialWorkQueueGivesWayToTheUsualOne() {
        var ordered = FeatureSet.defaults().with(Feature.WORKQUEUE_ORDERED);
        assertFalse(ordered.has(Feature.WORKQUEUE_DEDICATED));
        assertEquals(FeatureSet.defaults(), ordered.without(Feature.WORKQUEUE_ORDERED));
        assertFalse(ordered.without(Feature.AIO_QUEUED).has(Feature.WORKQUEUE_ORDERED));
        assertEquals(ordered, ordered.without(Feature.WORKQUEUE_DEDICATED));
    }

    /** Whatever boxes are ticked in whatever order, the choice goes together. */
    @Test
    void everySequenceOfTwoChangesKeepsTheRules() {
        List<FeatureSet> sets = new ArrayList<>(List.of(FeatureSet.none(), FeatureSet.defaults()));
        for (var round = 0; round < 3; round++) {
            for (var set : List.copyOf(sets)) {
                for (var feature : Feature.values()) {
                    assertTrue(set.with(feature).has(feature));
                    assertFalse(set.without(feature).has(feature));
                    sets.add(set.with(feature));
                    sets.add(set.without(feature));
                }
            }
            sets = new ArrayList<>(sets.stream().distinct().toList());
        }
        assertTrue(sets.size() > 20, "only " + sets.size() + " different sets");
        for (var set : sets) {
            assertTrue(set.has(Feature.FASYNC) || !set.has(Feature.POLLOUT), set.toString());
            assertFalse(set.has(Feature.AIO_QUEUED) && set.has(Feature.AIO_DEFERRED));
            var families = set.asSet().stream().map(Feature::family).toList();
            assertEquals(List.copyOf(new LinkedHashSet<>(families)), families);
            assertTrue(!set.hasAio() || families.contains("workqueue"), set.toString());
            assertTrue(!set.has(Feature.FSYNC) || set.has(Feature.AIO_QUEUED), set.toString());
            assertEquals(set, FeatureSet.of(set.asSet()));
        }
    }
}
