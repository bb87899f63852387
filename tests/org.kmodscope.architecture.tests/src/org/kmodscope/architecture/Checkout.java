/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Reads the facts from the checkout this test was built in. */
record Checkout(Path top) {

    static Checkout ofThisBuild() {
        // Surefire runs a module's tests in the module's directory.
        Path top = Path.of("").toAbsolutePath().getParent().getParent();
        if (!Files.isRegularFile(top.resolve("releng/target/kmodscope.target"))) {
            throw new IllegalStateException("not a checkout of kmodscope: " + top);
        }
        return new Checkout(top);
    }

    /** All facts; the bundles must have been compiled. */
    Facts read() throws IOException {
        return new Facts(bundles(), sources());
    }

    private List<BundleFacts> bundles() throws IOException {
        try (Stream<Path> directories = Files.list(top.resolve("bundles"))) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve("META-INF/MANIFEST.MF")))
                    .sorted()
                    .map(Checkout::bundle)
                    .toList();
        }
    }

    private static BundleFacts bundle(Path directory) {
        try (InputStream in = Files.newInputStream(directory.resolve("META-INF/MANIFEST.MF"))) {
            Map<String, String> headers = new TreeMap<>();
            new Manifest(in)
                    .getMainAttributes()
                    .forEach((key, value) -> headers.put(key.toString(), value.toString()));
            String name = headers.get("Bundle-SymbolicName").split(";")[0].strip();
            return new BundleFacts(name, headers, classes(directory.resolve("target/classes")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<ClassFacts> classes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .map(Checkout::bytes)
                    .map(ClassFacts::read)
                    .toList();
        }
    }

    private List<SourceFacts> sources() throws IOException {
        try (Stream<Path> modules =
                Stream.concat(
                        Files.list(top.resolve("bundles")), Files.list(top.resolve("tests")))) {
            return modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(this::sources)
                    .toList();
        }
    }

    private Stream<SourceFacts> sources(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .map(this::source)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SourceFacts source(Path file) {
        try {
            return new SourceFacts(top.relativize(file).toString(), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
