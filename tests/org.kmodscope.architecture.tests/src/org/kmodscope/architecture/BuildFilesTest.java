/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written down twice in the build agrees, and nothing in it names a repository. */
class BuildFilesTest {

    private static final Pattern DEPENDENCY =
            Pattern.compile(
                    "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>"
                            + "\\s*<version>([^<$]+)</version>");

    private final Path top = Checkout.ofThisBuild().top();

    @Test
    void testsRunAgainstTheVersionsOfTheTarget() throws IOException {
        Map<String, Set<String>> target = versions("releng/target/kmodscope.target");
        Map<String, Set<String>> plain = versions("releng/org.kmodscope.plain/pom.xml");
        // junit-jupiter stands for the API, the engine and the parameters.
        plain.put(
                "org.junit.jupiter:junit-jupiter-api",
                plain.remove("org.junit.jupiter:junit-jupiter"));
        assertTrue(plain.size() > 10, plain::toString);
        plain.forEach((library, version) -> assertEquals(target.get(library), version, library));
    }

    @Test
    void bundlesAreCompiledWithTheSameSettings() throws IOException {
        String settings = ".settings/org.eclipse.jdt.core.prefs";
        try (Stream<Path> modules =
                Stream.concat(
                        Files.list(top.resolve("bundles")), Files.list(top.resolve("tests")))) {
            List<Path> files =
                    modules.filter(module -> Files.exists(module.resolve("META-INF/MANIFEST.MF")))
                            .map(module -> module.resolve(settings))
                            .toList();
            assertTrue(files.size() >= 8, files::toString);
            var texts = new HashSet<String>();
            for (Path file : files) {
                texts.add(Files.readString(file));
            }
            assertEquals(1, texts.size(), files::toString);
        }
    }

    @Test
    void tychoHasOneVersion() throws IOException {
        Matcher property =
                Pattern.compile("<tycho.version>(.+)</tycho.version>").matcher(read("pom.xml"));
        assertTrue(property.find());
        assertTrue(
                read(".mvn/extensions.xml")
                        .contains("<version>" + property.group(1) + "</version>"));
    }

    @Test
    void nothingNamesARepository() throws IOException {
        var names =
                Pattern.compile(
                        "(?i)<(plugin)?repositor(y|ies)\\b|https?://(?!(www\\.)?(maven\\.apache|w3)\\.org/)|file:/");
        try (Stream<Path> files =
                Files.find(
                        top,
                        4,
                        (path, attributes) -> attributes.isRegularFile() && isBuildFile(path))) {
            List<Path> found = files.toList();
            assertTrue(found.size() > 20, found::toString);
            for (Path file : found) {
                assertFalse(names.matcher(Files.readString(file)).find(), file.toString());
            }
        }
    }

    private static boolean isBuildFile(Path path) {
        String name = path.getFileName().toString();
        return name.equals("pom.xml")
                || name.equals("extensions.xml")
                || name.endsWith(".target")
                || name.endsWith(".product");
    }

    private Map<String, Set<String>> versions(String file) throws IOException {
        return DEPENDENCY
                .matcher(read(file))
                .results()
                .collect(
                        Collectors.groupingBy(
                                match -> match.group(1) + ":" + match.group(2),
                                TreeMap::new,
                                Collectors.mapping(match -> match.group(3), Collectors.toSet())));
    }

    private String read(String file) throws IOException {
        return Files.readString(top.resolve(file));
    }
}
