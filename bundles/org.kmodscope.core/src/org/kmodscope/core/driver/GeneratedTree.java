/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;

/**
 * What a specification was rendered to: relative paths with slashes, in order, and the bytes of
 * each. Immutable; the same specification and templates give equal trees on every machine.
 */
public final class GeneratedTree {

    private final SortedMap<String, byte[]> files;

    GeneratedTree(Map<String, byte[]> files) {
        this.files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** All paths, sorted. */
    public List<String> paths() {
        return List.copyOf(files.keySet());
    }

    /** The same with one more file, or with another content of one. */
    public GeneratedTree with(String path, byte[] content) {
        TreeMap<String, byte[]> more = new TreeMap<>(files);
        more.put(path, content.clone());
        return new GeneratedTree(more);
    }

    /** A copy of one file's bytes; empty when there is no such file. */
    public Optional<byte[]> bytes(String path) {
        return files.containsKey(path) ? Optional.of(files.get(path).clone()) : Optional.empty();
    }

    /** One file as text; empty when there is no such file. */
    public Optional<String> text(String path) {
        return bytes(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * Writes the tree to a directory that does not exist or is empty: all of it or nothing. The
     * directory's parents are made when they are missing.
     *
     * <p>The files are written to a new directory first and moved into place at the end, so that a
     * full disk does not leave half a project. A crash of the machine can: nothing is forced to the
     * disk.
     *
     * @throws KmodscopeException USAGE when something is in the way or the place may not be written
     *     to; FAILED when writing failed, and then nothing is left behind
     */
    public void writeTo(Path directory) throws KmodscopeException {
        new TreeWriter(files).writeTo(directory);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GeneratedTree that
                && paths().equals(that.paths())
                && files.entrySet().stream()
                        .allMatch(e -> Arrays.equals(e.getValue(), that.files.get(e.getKey())));
    }

    @Override
    public int hashCode() {
        return files.keySet().hashCode();
    }
}
