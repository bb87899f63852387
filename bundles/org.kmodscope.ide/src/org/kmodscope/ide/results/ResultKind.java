/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import org.kmodscope.core.probe.ProbeTest;

/** How a test ended, as it is shown. Each outweighs those before it. */
public enum ResultKind {
    SKIPPED("skipped"),
    PASSED("passed"),
    /** It failed, and was expected to. */
    EXPECTED("expected failure"),
    FAILED("failed"),
    /** It broke before it could tell, or the kernel complained. */
    ERROR("error");

    private final String word;

    ResultKind(String word) {
        this.word = word;
    }

    /** It in words. */
    public String word() {
        return word;
    }

    /** Whether somebody should look at it. */
    public boolean needsAttention() {
        return this == FAILED || this == ERROR;
    }

    /** How an outcome is shown. */
    static ResultKind of(ProbeTest.Outcome outcome) {
        return switch (outcome) {
            case PASS -> PASSED;
            case FAIL -> FAILED;
            case TIMEOUT, ERROR -> ERROR;
            case SKIP -> SKIPPED;
            case XFAIL, TODO -> EXPECTED;
        };
    }
}
