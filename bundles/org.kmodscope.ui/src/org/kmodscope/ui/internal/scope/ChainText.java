/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.Optional;
import java.util.OptionalLong;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.ui.internal.scope.timeline.Chain;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.Quantity;

/** A chain in words. */
final class ChainText {

    private ChainText() {}

    /** An interval, or that it is not known. */
    static String interval(OptionalLong nanos) {
        return nanos.isPresent() ? Quantity.interval(nanos.getAsLong()) : "not seen";
    }

    /** What the sum of all hops is called. */
    static String totalTitle(Chain chain) {
        return chain.links().getFirst().look() == EventLook.AIO_SUBMIT
                ? "Submit to end"
                : "Cause to read";
    }

    /** For those who hear the view. */
    static String spoken(Optional<Chain> chosen) {
        if (chosen.isEmpty()) {
            return "No chain selected";
        }
        Chain chain = chosen.get();
        StringBuilder text = new StringBuilder("Chain " + chain.id() + ", " + chain.mechanism());
        for (int i = 0; i < chain.links().size(); i++) {
            Chain.Link link = chain.links().get(i);
            text.append(", ").append(link.title());
            if (link.moment().isEmpty()) {
                text.append(" not seen");
            } else if (i > 0) {
                text.append(" after ").append(interval(chain.hop(i)));
            }
        }
        return text.append(", in all ").append(interval(chain.total())).toString();
    }

    /** A table for an issue or a mail, with what it was measured on. */
    static String markdown(Chain chain, Optional<TargetInfo> lab) {
        StringBuilder text = new StringBuilder();
        text.append("Chain ").append(chain.id()).append(" (").append(chain.mechanism()).append(")");
        lab.ifPresent(
                info ->
                        text.append(" on ")
                                .append(info.title())
                                .append(", Linux ")
                                .append(info.kernelRelease())
                                .append(
                                        info.acceleration() == TargetInfo.Acceleration.TCG
                                                ? ", emulated (TCG): compare, don't quote"
                                                : ", " + info.acceleration()));
        text.append("\n\n| step | after |\n| --- | ---: |\n");
        for (int i = 0; i < chain.links().size(); i++) {
            Chain.Link link = chain.links().get(i);
            String after =
                    link.moment().isEmpty() ? "not seen" : i == 0 ? "" : interval(chain.hop(i));
            text.append("| ").append(link.title()).append(" | ").append(after).append(" |\n");
        }
        text.append("| **")
                .append(totalTitle(chain))
                .append("** | **")
                .append(interval(chain.total()))
                .append("** |\n");
        return text.toString();
    }
}
