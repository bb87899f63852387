/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.probe.KtapParser;
import org.kmodscope.core.probe.ProbeReport;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class MatrixReportTest {

    private static final Path PROJECT = Path.of("/work/driver");

    @TempDir Path work;

    @Test
    void aFaultOutweighsABrokenLabAndThatOutweighsWhatIsMissing() {
        assertEquals(MatrixVerdict.PASSED, MatrixVerdict.worst(List.of()));
        assertEquals(
                MatrixVerdict.BROKEN,
                MatrixVerdict.worst(
                        List.of(
                                MatrixVerdict.MISSING,
                                MatrixVerdict.BROKEN,
                                MatrixVerdict.SKIPPED)));
        assertEquals(
                MatrixVerdict.FAILED,
                new MatrixReport(MatrixCell.passed("0"), List.of(good(), bad()), Duration.ZERO)
                        .verdict());
    }

    @Test
    void eachKernelIsASuiteWithStepsAndProbes() throws Exception {
        Path file = work.resolve("j.xml");
        new MatrixReport(MatrixCell.passed("0"), List.of(good(), bad()), Duration.ofSeconds(3))
                .writeJUnit(file);
        Document xml =
                DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(file.toFile());
        var suites = xml.getElementsByTagName("testsuite");
        assertEquals(3, suites.getLength());
        Element first = (Element) suites.item(1);
        Element second = (Element) suites.item(2);
        assertEquals("debian-6.1", first.getAttribute("name"));
        assertEquals("0", first.getAttribute("failures"));
        assertEquals("11", first.getAttribute("tests"), "nine steps and a probe of two tests");
        assertEquals("1", second.getAttribute("failures"));
        assertTrue(Files.readString(file).contains("a.c:1: error: no &lt;such&gt; thing"));
        assertTrue(Files.readString(file).contains("classname=\"sigio.1\""));
    }

    @Test
    void theMarkdownTableHasARowPerKernelAndTheFaults() {
        String text =
                new MatrixReport(
                                MatrixCell.passed("0"),
                                List.of(good(), bad()),
                                Duration.ofSeconds(3))
                        .markdown(PROJECT);
        List<String> lines = text.lines().toList();
        assertTrue(lines.get(0).startsWith("| kernel | release | build | warnings |"), text);
        assertTrue(lines.get(2).startsWith("| debian-6.1 | 6.1.0 |"), text);
        assertTrue(lines.get(2).contains("[build/matrix/debian-6.1](<build/matrix/debian-6.1>)"));
        assertTrue(lines.get(3).contains("**1 error**"), text);
        assertTrue(text.contains("\n    a.c:1: error: no <such> thing\n"), text);
        assertFalse(text.contains("**debian-6.1:"), text);
        int bars = lines.get(0).length() - lines.get(0).replace("|", "").length();
        for (String line : lines.subList(1, 4)) {
            String plain = line.replace("\\|", "");
            assertEquals(bars, plain.length() - plain.replace("|", "").length(), line);
        }
    }

    private static MatrixRow good() {
        Map<MatrixStep, MatrixCell> cells = new EnumMap<>(MatrixStep.class);
        for (MatrixStep step : MatrixStep.values()) {
            cells.put(step, MatrixCell.passed("ok"));
        }
        cells.put(MatrixStep.KERNEL, MatrixCell.passed("6.1.0"));
        KtapParser parser = new KtapParser("sigio");
        List.of("KTAP version 1", "1..2", "ok 1 arms", "ok 2 # SKIP no").forEach(parser::line);
        ProbeReport report = parser.finish(0);
        return new MatrixRow(
                "debian-6.1",
                cells,
                List.of(new MatrixRow.ProbeResult(1, report, Duration.ofSeconds(1))),
                PROJECT.resolve("build/matrix/debian-6.1"),
                Duration.ofSeconds(2));
    }

    private static MatrixRow bad() {
        Map<MatrixStep, MatrixCell> cells = new EnumMap<>(MatrixStep.class);
        cells.put(MatrixStep.KERNEL, MatrixCell.passed("6|12"));
        cells.put(
                MatrixStep.BUILD,
                MatrixCell.failed("1 error", List.of("a.c:1: error: no <such> thing")));
        return new MatrixRow(
                "debian-6.12",
                cells,
                List.of(),
                PROJECT.resolve("build/matrix/debian-6.12"),
                Duration.ofSeconds(1));
    }
}
