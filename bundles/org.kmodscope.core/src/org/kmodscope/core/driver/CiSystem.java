/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Arrays;
import java.util.Optional;

/** A service that examines a project whenever it changes. */
public enum CiSystem {
    GITHUB("github", ".github/workflows/kmodscope.yml"),
    GITLAB("gitlab", ".gitlab-ci.yml");

    private final String word;
    private final String path;

    CiSystem(String word, String path) {
        this.word = word;
        this.path = path;
    }

    /** What users call it. */
    public String word() {
        return word;
    }

    /** Where it looks for its file in a project. */
    public String path() {
        return path;
    }

    /** Finds one by its {@link #word()}. */
    public static Optional<CiSystem> parse(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }
}
