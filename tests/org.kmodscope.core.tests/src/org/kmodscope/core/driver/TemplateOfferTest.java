/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateOfferTest {

    private final TemplateOffer offer =
            new TemplateOffer(
                    "thing",
                    "A thing",
                    Set.of(
                            Feature.FASYNC,
                            Feature.SIGNAL_WORK,
                            Feature.SIGNAL_IRQ,
                            Feature.AIO_QUEUED,
                            Feature.WORKQUEUE_DEDICATED),
                    FeatureSet.none(),
                    Map.of(
                            Feature.WORKQUEUE_DEDICATED,
                            Set.of(Feature.SIGNAL_WORK, Feature.AIO_QUEUED)),
                    List.of(
                            new TemplateOffer.Probe("any", Set.of()),
                            new TemplateOffer.Probe("libaio", Set.of(Feature.AIO_QUEUED))));

    private static FeatureSet of(Feature... features) {
        return FeatureSet.of(List.of(features));
    }

    @Test
    void whatIsNotOfferedIsNotChosen() {
        assertEquals(FeatureSet.none(), offer.with(FeatureSet.none(), Feature.CDEV));
    }

    @Test
    void somebodySignals() {
        FeatureSet chosen = offer.with(FeatureSet.none(), Feature.FASYNC);
        assertEquals(of(Feature.FASYNC, Feature.SIGNAL_WORK), chosen);
        assertEquals(
                of(Feature.FASYNC, Feature.SIGNAL_IRQ), offer.with(chosen, Feature.SIGNAL_IRQ));
        assertEquals(chosen, offer.without(chosen, Feature.SIGNAL_WORK));
    }

    @Test
    void whatHasBecomeUselessGoes() {
        assertFalse(offer.useful(Feature.WORKQUEUE_DEDICATED, FeatureSet.none()));
        FeatureSet chosen = of(Feature.FASYNC, Feature.SIGNAL_WORK, Feature.WORKQUEUE_DEDICATED);
        assertTrue(offer.useful(Feature.WORKQUEUE_DEDICATED, chosen));
        assertEquals(
                of(Feature.FASYNC, Feature.SIGNAL_IRQ), offer.with(chosen, Feature.SIGNAL_IRQ));
    }

    @Test
    void probesFollowTheFeatures() {
        assertEquals(List.of("any"), offer.probes(FeatureSet.none()));
        assertEquals(List.of("any", "libaio"), offer.probes(of(Feature.AIO_QUEUED)));
    }
}
