/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that a document names are there. */
class NamedTestsTest {

    private static final Pattern NAME = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    private final Path top = Checkout.ofThisBuild().top();

    @Test
    void thoseOfTheBadDays() throws IOException {
        String document = Files.readString(top.resolve("docs/bad-days.md"));
        List<MatchResult> named = NAME.matcher(document).results().toList();
        assertTrue(named.size() > 20, document);
        List<String> missing =
                named.stream()
                        .filter(name -> !isThere(name.group(1), name.group(2)))
                        .map(MatchResult::group)
                        .toList();
        assertEquals(List.of(), missing);
    }

    private boolean isThere(String type, String method) {
        try (Stream<Path> files = Files.walk(top.resolve("tests"))) {
            for (Path file : files.filter(each -> each.endsWith(type + ".java")).toList()) {
                if (Files.readString(file).contains("void " + method + "(")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
