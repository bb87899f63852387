/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What to examine.
 *
 * @param project the directory of a generated driver
 * @param kernels ids of kernels, in the order of the table, none twice
 * @param style whether to check the project's style, too
 * @param repeats how often all probes run on each kernel, each time with the driver loaded anew
 */
public record MatrixRequest(Path project, List<String> kernels, boolean style, int repeats) {

    /** The most runs of all probes that make sense in one lab. */
    public static final int MOST_REPEATS = 100;

    /** All there is to examine, with one run of the probes. */
    public MatrixRequest(Path project, List<String> kernels) {
        this(project, kernels, true, 1);
    }

    /**
     * Takes a copy of the list, without repetitions.
     *
     * @throws IllegalArgumentException for repeats that are not from 1 to {@link #MOST_REPEATS}
     */
    public MatrixRequest {
        if (repeats < 1 || repeats > MOST_REPEATS) {
            throw new IllegalArgumentException("repeats " + repeats);
        }
        kernels = List.copyOf(new LinkedHashSet<>(kernels));
    }

    /** The same with so many runs of the probes. */
    public MatrixRequest repeated(int times) {
        return new MatrixRequest(project, kernels, style, times);
    }

    /**
     * The same for one of several machines that share the kernels out: machine {@code index} takes
     * each kernel whose place in the list is {@code index} modulo {@code count}. It may be left
     * without any. The style is the same everywhere: the first machine checks it.
     *
     * @param index from 1 to {@code count}
     */
    public MatrixRequest shard(int index, int count) {
        if (index < 1 || index > count) {
            throw new IllegalArgumentException("shard " + index + " of " + count);
        }
        List<String> own =
                kernels.stream().filter(id -> kernels.indexOf(id) % count == index - 1).toList();
        return new MatrixRequest(project, own, style && index == 1, repeats);
    }

    /** Where logs of a kernel go: {@code build/matrix/ID} in the project. */
    Path logs(String kernelId) {
        String plain = kernelId.replaceAll("[^A-Za-z0-9._+-]+", "_").replaceFirst("^\\.+", "_");
        return project.resolve("build").resolve("matrix").resolve(plain);
    }
}
