/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Reason;
import org.kmodscope.core.Sha256;

/**
 * What the last finished build of a directory was made of and what came out of it.
 *
 * @param sources digest of the sources
 * @param options digest of all else that decides what comes out: kernel, compiler, flags
 * @param quiet whether it said nothing about any file, so that an incremental build leaves nothing
 *     unsaid
 * @param main the name of the product that was asked for; empty when it failed
 * @param products digest of each product by its file name; empty when it failed
 */
record BuildRecord(
        String sources, String options, boolean quiet, String main, Map<String, String> products) {

    private static final String PRODUCT = "product.";

    /** The record in a file; empty when there is none that can be read. */
    static Optional<BuildRecord> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a torn file is the same as none: all is built again
        }
        Map<String, String> products = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(PRODUCT)) {
                products.put(name.substring(PRODUCT.length()), properties.getProperty(name));
            }
        }
        return Optional.of(
                new BuildRecord(
                        properties.getProperty("sources", ""),
                        properties.getProperty("options", ""),
                        Boolean.parseBoolean(properties.getProperty("quiet")),
                        properties.getProperty("main", ""),
                        products));
    }

    void write(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("sources", sources);
        properties.setProperty("options", options);
        properties.setProperty("quiet", Boolean.toString(quiet));
        properties.setProperty("main", main);
        products.forEach((name, digest) -> properties.setProperty(PRODUCT + name, digest));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(fresh)) {
            properties.store(writer, null);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What to say when the files of a build cannot be read or written. */
    static KmodscopeException storage(Path directory, IOException e) {
        return new KmodscopeException(
                KmodscopeException.Kind.MISSING,
                "The build's files cannot be read or written: " + Reason.of(e) + ".",
                "Free space, or correct permissions, in the project and in " + directory + ".",
                e);
    }

    /** Whether these sources and options gave these products, which are all still in place. */
    boolean holds(String nowSources, String nowOptions, Path output) throws IOException {
        if (!sources.equals(nowSources) || !options.equals(nowOptions) || main.isEmpty()) {
            return false;
        }
        for (Map.Entry<String, String> product : products.entrySet()) {
            Path file = output.resolve(product.getKey());
            if (!Files.isRegularFile(file)
                    || !Sha256.of(Files.readAllBytes(file)).equals(product.getValue())) {
                return false;
            }
        }
        return true;
    }
}
