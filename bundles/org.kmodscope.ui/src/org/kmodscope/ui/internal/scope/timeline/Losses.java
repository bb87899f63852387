/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.ArrayList;
import java.util.List;
import org.kmodscope.core.event.Picture;
import org.kmodscope.ui.internal.visual.Quantity;

/** Where something was lost, in pixels, with how much. */
final class Losses {

    /** At least this wide is the stripe of a loss. */
    static final int LEAST_WIDTH = 4;

    /**
     * One stripe.
     *
     * @param count how many events, as far as known
     * @param exact whether no more than that can be missing
     */
    record Stripe(int x0, int x1, long count, boolean exact) {

        /** What is written at it. */
        String label() {
            if (exact) {
                return "Lost " + Quantity.count(count);
            }
            return count == 0
                    ? "Lost, count unknown"
                    : "Lost " + Quantity.count(count) + " or more";
        }

        Stripe joined(Stripe next) {
            return new Stripe(
                    Math.min(x0, next.x0),
                    Math.max(x1, next.x1),
                    count + next.count,
                    exact && next.exact);
        }
    }

    private final List<Stripe> stripes = new ArrayList<>();

    void clear() {
        stripes.clear();
    }

    /** Adds a loss, joined with the one before where their stripes would touch. */
    void add(TimeScale scale, Picture.LossSpan loss) {
        int from = scale.column(loss.fromNanos());
        int to = Math.max(from + LEAST_WIDTH, scale.column(loss.toNanos()));
        Stripe stripe = new Stripe(from, to, loss.count(), loss.exact());
        int last = stripes.size() - 1;
        if (last >= 0 && from <= stripes.get(last).x1() + 1) {
            stripes.set(last, stripes.get(last).joined(stripe));
        } else {
            stripes.add(stripe);
        }
    }

    int size() {
        return stripes.size();
    }

    Stripe get(int index) {
        return stripes.get(index);
    }

    /** Whether something was lost between two places. */
    boolean within(int from, int to) {
        return stripes.stream().anyMatch(stripe -> stripe.x0() < to && stripe.x1() > from);
    }

    int x0(int index) {
        return stripes.get(index).x0();
    }

    int x1(int index) {
        return stripes.get(index).x1();
    }
}
