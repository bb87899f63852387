/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeTest;
import org.kmodscope.lab.proof.Candidates.Candidate;

/** What was not tried is not proved: which tests a probe may pass over, and how many it did. */
final class Skips {

    /** Tests that may be skipped in a lab, with the reason why that is no gap in the proof. */
    private static final Map<Pattern, String> MAY_SKIP =
            Map.of(
                    Pattern.compile("uring: reads that wait need no worker .* # before Linux 5"),
                    "debian-5.10 cannot tell; all later kernels do",
                    Pattern.compile("^uml-debug, .*posix-aio: .* # /proc/self/task does not show"),
                    "user-mode Linux has no /proc/PID/syscall; the stock kernels' labs have",
                    Pattern.compile("sampler .*conformance: .* # model source: "),
                    "a rule for a device that gives back what was written to it",
                    Pattern.compile("nullzero .*conformance: .* # model zero: "),
                    "a rule for a device that gives back what was written to it",
                    Pattern.compile("nullzero .*conformance: sync.efault-write: .* # the device "),
                    "it swallows what is written without looking at it, as /dev/null does");

    /** How probes say that a driver does not claim a feature. */
    private static final Pattern ABSENT =
            Pattern.compile("generated without (\\S+)|(\\S+) is not claimed");

    private final List<String> unexplained = new ArrayList<>();
    private int count;

    /**
     * @param where the kernel, the choice and the probe, for the reader
     */
    Skips(Candidate candidate, String where, ProbeReport report) {
        report.tests().forEach(test -> look(candidate, where, test));
    }

    /** How many there are, subtests counted one by one. */
    int count() {
        return count;
    }

    /** Those that neither the choice nor the list explains. */
    List<String> unexplained() {
        return List.copyOf(unexplained);
    }

    private void look(Candidate candidate, String where, ProbeTest test) {
        if (test.outcome() == ProbeTest.Outcome.SKIP) {
            count++;
            String text = where + ": " + test.name() + " # " + test.reason();
            if (!absent(candidate.features(), test.reason())
                    && MAY_SKIP.keySet().stream().noneMatch(may -> may.matcher(text).find())) {
                unexplained.add("skipped: " + text);
            }
        }
        test.subtests().forEach(subtest -> look(candidate, where, subtest));
    }

    /** Whether a probe passed over what the driver was generated without, and truly is. */
    private static boolean absent(FeatureSet features, String reason) {
        Matcher matcher = ABSENT.matcher(reason);
        if (!matcher.matches()) {
            return false;
        }
        String word = Objects.requireNonNullElse(matcher.group(1), matcher.group(2));
        return features.asSet().stream()
                .noneMatch(each -> each.word().equals(word) || each.family().equals(word));
    }
}
