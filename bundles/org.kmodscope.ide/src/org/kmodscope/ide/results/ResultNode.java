/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.kmodscope.core.probe.Measure;
import org.kmodscope.core.splat.ModuleSource;

/**
 * A line of the tree of results.
 *
 * @param probe the probe it belongs to; empty for what belongs to none
 * @param name what was tested
 * @param kind how it ended; a group ends as its worst member
 * @param elapsed how long it took, where that is known: KTAP tells it of no single test
 * @param before how it ended in the last run of the same probe on the same kernel, if there is one
 * @param details what is to be said about it, line by line
 * @param measures what was measured
 * @param place the line of the driver that it leads to
 * @param children what it consists of
 */
public record ResultNode(
        String probe,
        String name,
        ResultKind kind,
        Optional<Duration> elapsed,
        Optional<ResultKind> before,
        List<String> details,
        List<Measure> measures,
        Optional<ModuleSource.Place> place,
        List<ResultNode> children) {

    /** Takes copies of the lists. */
    public ResultNode {
        details = List.copyOf(details);
        measures = List.copyOf(measures);
        children = List.copyOf(children);
    }

    /** It, if it has no children, or else all below it that have none. */
    public Stream<ResultNode> leaves() {
        return children.isEmpty() ? Stream.of(this) : children.stream().flatMap(ResultNode::leaves);
    }

    /** How the members of a group ended, such as {@code 7 of 9}; empty for what is no group. */
    public String tally() {
        if (children.isEmpty()) {
            return "";
        }
        List<ResultNode> tests = leaves().toList();
        long skipped = tests.stream().filter(test -> test.kind == ResultKind.SKIPPED).count();
        if (skipped == tests.size()) {
            return "skipped";
        }
        long good = tests.stream().filter(test -> !test.kind.needsAttention()).count() - skipped;
        return good + " of " + (tests.size() - skipped);
    }

    /** What it was in the last run, in words: {@code same}, {@code was passing}, {@code new}. */
    public String change() {
        if (!children.isEmpty()) {
            long failures = leaves().filter(ResultNode::newFailure).count();
            return failures == 0
                    ? ""
                    : failures + (failures == 1 ? " new failure" : " new failures");
        }
        return before.map(last -> last == kind ? "same" : was(last)).orElse("new");
    }

    /** Whether it needs attention and did not in the last run. */
    public boolean newFailure() {
        return children.isEmpty()
                && kind.needsAttention()
                && before.filter(last -> !last.needsAttention()).isPresent();
    }

    private static String was(ResultKind last) {
        return switch (last) {
            case PASSED -> "was passing";
            case FAILED -> "was failing";
            case ERROR -> "was an error";
            case EXPECTED -> "was expected to fail";
            case SKIPPED -> "was skipped";
        };
    }
}
