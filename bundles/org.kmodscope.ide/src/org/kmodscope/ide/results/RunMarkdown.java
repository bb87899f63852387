/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import java.util.List;
import java.util.Locale;
import org.kmodscope.core.probe.Measure;

/** A run as GitHub's and GitLab's Markdown. */
record RunMarkdown(RunRecord run, List<ResultNode> tree) {

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("**")
                .append(run.headline(tree))
                .append("**: ")
                .append(escaped(run.project() + ", " + run.title()))
                .append(run.target().isEmpty() ? "" : ", " + escaped(run.target()))
                .append(String.format(Locale.ROOT, ", %.1f s%n", run.elapsed().toMillis() / 1e3));
        run.trouble()
                .ifPresent(
                        trouble -> text.append('\n').append(escaped(trouble.what())).append('\n'));
        text.append("\n| probe | passed | time |\n| --- | --- | ---: |\n");
        for (ResultNode node : tree) {
            text.append("| ").append(escaped(node.name())).append(" | ").append(node.tally());
            text.append(" | ")
                    .append(
                            node.elapsed()
                                    .map(
                                            time ->
                                                    String.format(
                                                            Locale.ROOT,
                                                            "%.1f s",
                                                            time.toMillis() / 1e3))
                                    .orElse(""))
                    .append(" |\n");
        }
        tree.stream()
                .flatMap(ResultNode::leaves)
                .filter(leaf -> leaf.kind().needsAttention())
                .forEach(leaf -> failure(leaf, text));
        return text.toString();
    }

    private static void failure(ResultNode leaf, StringBuilder text) {
        String probe = leaf.probe().isEmpty() ? "" : leaf.probe() + ": ";
        text.append("\n**").append(escaped(probe + leaf.name())).append("** ");
        text.append(leaf.kind().word()).append("\n\n");
        // Indented code, which nothing in a line can end.
        leaf.details().stream()
                .flatMap(String::lines)
                .forEach(line -> text.append("    ").append(line).append('\n'));
        for (Measure measure : leaf.measures()) {
            text.append("    ").append(measure.name()).append(' ').append(measure.text());
            text.append('\n');
        }
    }

    private static String escaped(String text) {
        return text.replaceAll("([\\\\`*_{}\\[\\]<>|#])", "\\\\$1");
    }
}
