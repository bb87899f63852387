/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import java.util.ArrayList;
import java.util.List;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.probe.ProbeRun;

/**
 * What a debug run found.
 *
 * @param probes what the probes said
 * @param findings the kernel's reports
 * @param faults all faults that were made
 */
public record DebugReport(
        List<ProbeRun.Result> probes, List<Finding> findings, List<Fault> faults) {

    /** The parts. */
    public DebugReport {
        probes = List.copyOf(probes);
        findings = List.copyOf(findings);
        faults = List.copyOf(faults);
    }

    /** Faults that did not end in a clean error. */
    public List<Fault> unclean() {
        return faults.stream().filter(fault -> !fault.clean()).toList();
    }

    /** Whether nothing was found. */
    public boolean passed() {
        return findings.isEmpty()
                && unclean().isEmpty()
                && probes.stream().allMatch(result -> result.report().passed());
    }

    /** All that was found beside the probes' results, as compilers report it. */
    public List<Diagnostic> diagnostics() {
        List<Diagnostic> all = new ArrayList<>();
        findings.forEach(finding -> all.add(finding.diagnostic()));
        unclean()
                .forEach(
                        fault ->
                                all.add(
                                        new Diagnostic(
                                                "",
                                                0,
                                                0,
                                                Diagnostic.Severity.ERROR,
                                                fault.toString())));
        return List.copyOf(all);
    }
}
