/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.CiSystem;
import org.kmodscope.core.driver.DriverField;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.TemplateOffer;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.DriverDraft;

class DriverDraftTest {

    private final List<TemplateOffer> offers = offers();
    private final DriverDraft draft =
            new DriverDraft("Ann Author <ann@example.org>", offers.getFirst());

    private static List<TemplateOffer> offers() {
        try {
            return DriverTools.installed().templates().offers();
        } catch (KmodscopeException e) {
            throw new AssertionError(e);
        }
    }

    private TemplateOffer offer(String name) {
        return offers.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void beginsValid() throws Exception {
        assertEquals(Optional.empty(), draft.problem());
        assertEquals("globalfifo", draft.spec().module());
        assertEquals("Ann Author <ann@example.org>", draft.spec().author());
    }

    @Test
    void deviceFollowsTheModuleUntilItIsNamed() throws Exception {
        draft.setText(DriverField.MODULE, "ringfifo");
        assertEquals("ringfifo", draft.spec().device());
        draft.setText(DriverField.DEVICE, "ring0");
        draft.setText(DriverField.MODULE, "other");
        assertEquals("ring0", draft.spec().device());
    }

    @Test
    void deviceFollowsAgainWhenItIsCalledAsTheModule() throws Exception {
        draft.setText(DriverField.DEVICE, "ring0");
        draft.setText(DriverField.DEVICE, "globalfifo");
        draft.setText(DriverField.MODULE, "other");
        assertEquals("other", draft.spec().device());
    }

    @Test
    void keepsWhatIsWrongAndSaysWhere() {
        draft.setText(DriverField.MODULE, "my driver");
        var problem = draft.problem().orElseThrow();
        assertEquals(DriverField.MODULE, problem.field());
        assertEquals("my driver", draft.text(DriverField.MODULE));
        assertThrows(KmodscopeException.class, draft::spec);
    }

    @Test
    void featuresBringWhatTheyNeed() {
        draft.choose(Feature.FASYNC, false);
        assertFalse(draft.features().has(Feature.POLLOUT));
        draft.choose(Feature.POLLOUT, true);
        assertTrue(draft.features().has(Feature.FASYNC));
    }

    @Test
    void tellsWhatAChoiceBroughtAndTook() {
        assertEquals(Set.of(Feature.POLLOUT), draft.choose(Feature.FASYNC, false).took());
        assertEquals(Set.of(Feature.FASYNC), draft.choose(Feature.POLLOUT, true).brought());
        draft.choose(Feature.AIO_QUEUED, false);
        DriverDraft.Change change = draft.choose(Feature.FSYNC, true);
        assertEquals(Set.of(Feature.AIO_QUEUED, Feature.WORKQUEUE_DEDICATED), change.brought());
        // One instead of another of its family is what was asked for, nothing to tell.
        assertEquals(
                new DriverDraft.Change(Set.of(), Set.of()),
                draft.choose(Feature.WORKQUEUE_ORDERED, true));
    }

    @Test
    void anotherTemplateKeepsWhatWasSaid() throws Exception {
        draft.setText(DriverField.MODULE, "mine");
        draft.setText(DriverField.LICENCE, "GPL-2.0-or-later");
        draft.choose(Feature.POLL, false);
        draft.choose(Feature.CDEV, true);
        draft.setTemplate(offer("sampler"));
        assertEquals("mine", draft.spec().module());
        assertEquals("GPL-2.0-or-later", draft.text(DriverField.LICENCE));
        assertEquals("sampler", draft.spec().template());
        assertEquals(offer("sampler").description(), draft.text(DriverField.DESCRIPTION));
        assertFalse(draft.features().has(Feature.POLL), "poll was left on purpose");
        assertFalse(draft.features().has(Feature.CDEV), "sampler has no cdev form");
        assertTrue(draft.features().has(Feature.SIGNAL_WORK), "a default of sampler");
        draft.setTemplate(offer("nullzero"));
        draft.setTemplate(offer("globalfifo"));
        assertTrue(draft.features().has(Feature.CDEV), "chosen before");
        assertFalse(draft.features().has(Feature.POLL));
    }

    @Test
    void aDescriptionOfOnesOwnStays() {
        draft.setText(DriverField.DESCRIPTION, "Mine");
        draft.setTemplate(offer("sampler"));
        assertEquals("Mine", draft.text(DriverField.DESCRIPTION));
    }

    @Test
    void noAioMeansNoneInAnyTemplate() {
        draft.choose(Feature.AIO_DEFERRED, true);
        draft.choose(Feature.AIO_DEFERRED, false);
        draft.setTemplate(offer("sampler"));
        assertFalse(draft.features().hasAio());
    }

    @Test
    void whoSignalsIsAlwaysSaidWhereItCanBeChosen() {
        draft.setTemplate(offer("sampler"));
        draft.choose(Feature.SIGNAL_IRQ, true);
        draft.choose(Feature.FASYNC, false);
        assertFalse(draft.features().has(Feature.SIGNAL_IRQ));
        draft.choose(Feature.FASYNC, true);
        assertTrue(draft.features().has(Feature.SIGNAL_WORK));
    }

    /** Walks from choice to choice: whatever the boxes can say, Finish can make. */
    @Test
    void whateverIsChosenRenders() throws Exception {
        var templates = DriverTools.installed().templates();
        for (TemplateOffer offer : offers) {
            draft.setTemplate(offer);
            for (Feature feature : Feature.values()) {
                for (boolean chosen : new boolean[] {true, false, true}) {
                    if (draft.template().useful(feature, draft.features())) {
                        draft.choose(feature, chosen);
                        draft.plan().render(templates);
                    }
                }
            }
        }
    }

    @Test
    void probesAreThoseThatFitUnlessTheyAreChosen() throws Exception {
        assertTrue(draft.probes().contains("libaio"));
        draft.choose(Feature.AIO_QUEUED, false);
        assertFalse(draft.probes().contains("libaio"));
        draft.setProbes(Optional.of(List.of("sigio")));
        assertEquals(List.of("sigio"), draft.probes());
        var tree = draft.plan().render(DriverTools.installed().templates());
        assertTrue(tree.paths().contains("probes/sigio.c"));
        assertFalse(tree.paths().contains("probes/uring.c"));
    }

    @Test
    void aWorkflowGoesWithTheProject() throws Exception {
        draft.setWorkflow(Optional.of(CiSystem.GITHUB));
        var tree = draft.plan().render(DriverTools.installed().templates());
        assertTrue(tree.paths().contains(CiSystem.GITHUB.path()));
    }
}
