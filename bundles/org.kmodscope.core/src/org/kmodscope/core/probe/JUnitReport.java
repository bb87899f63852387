/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Reports of probes as the XML that CI systems read: one suite per kernel, one class per probe, a
 * test's subtests as {@code test/subtest}, what it measured as properties of the test. What is
 * wrong with a report itself is a failed test named {@code (report)}. Not for use by several
 * threads.
 */
public final class JUnitReport {

    private final Map<String, List<Run>> suites = new LinkedHashMap<>();

    private record Run(ProbeReport report, Duration elapsed) {}

    private record Case(String name, ProbeTest test) {}

    private record Totals(int tests, int failures, int errors, int skipped, Duration elapsed) {}

    /**
     * Adds a run.
     *
     * @param kernelId names the suite
     * @param elapsed how long the run took
     */
    public void add(String kernelId, ProbeReport report, Duration elapsed) {
        suites.computeIfAbsent(kernelId, id -> new ArrayList<>()).add(new Run(report, elapsed));
    }

    /** Writes the document to a file, which is complete or as it was before. */
    public void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes);
        Path target = file.toAbsolutePath();
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path fresh = target.resolveSibling("." + target.getFileName() + ".new");
        Files.write(fresh, bytes.toByteArray());
        Files.move(
                fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes the document as UTF-8 and leaves the stream open. */
    public void write(OutputStream stream) throws IOException {
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newDefaultFactory()
                            .createXMLStreamWriter(stream, StandardCharsets.UTF_8.name());
            xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            xml.writeStartElement("testsuites");
            for (Map.Entry<String, List<Run>> suite : suites.entrySet()) {
                suite(xml, suite.getKey(), suite.getValue());
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException("the report cannot be written: " + e.getMessage(), e);
        }
    }

    private static void suite(XMLStreamWriter xml, String kernelId, List<Run> runs)
            throws XMLStreamException {
        Totals totals = totals(runs);
        xml.writeStartElement("testsuite");
        attribute(xml, "name", kernelId);
        attribute(xml, "tests", Integer.toString(totals.tests));
        attribute(xml, "failures", Integer.toString(totals.failures));
        attribute(xml, "errors", Integer.toString(totals.errors));
        attribute(xml, "skipped", Integer.toString(totals.skipped));
        attribute(xml, "time", seconds(totals.elapsed));
        for (Run run : runs) {
            List<Case> cases = cases(run.report);
            for (Case one : cases) {
                testCase(xml, run.report.name(), one);
            }
        }
        StringBuilder output = new StringBuilder();
        runs.forEach(run -> run.report.other().forEach(line -> output.append(line).append('\n')));
        if (!output.isEmpty()) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(legal(output.toString()));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static Totals totals(List<Run> runs) {
        int tests = 0;
        int failures = 0;
        int errors = 0;
        int skipped = 0;
        Duration elapsed = Duration.ZERO;
        for (Run run : runs) {
            elapsed = elapsed.plus(run.elapsed);
            for (Case one : cases(run.report)) {
                tests++;
                switch (one.test.outcome()) {
                    case PASS -> {}
                    case FAIL -> failures++;
                    case TIMEOUT, ERROR -> errors++;
                    case SKIP, XFAIL, TODO -> skipped++;
                }
            }
        }
        return new Totals(tests, failures, errors, skipped, elapsed);
    }

    private static List<Case> cases(ProbeReport report) {
        List<Case> cases = new ArrayList<>();
        report.tests().forEach(test -> flatten("", test, cases));
        List<String> wrong = new ArrayList<>(report.problems());
        report.bailOut().ifPresent(reason -> wrong.add("Bail out! " + reason));
        if (!wrong.isEmpty()) {
            cases.add(
                    new Case(
                            "(report)",
                            new ProbeTest(
                                    0,
                                    "(report)",
                                    ProbeTest.Outcome.ERROR,
                                    wrong.getFirst(),
                                    wrong,
                                    List.of(),
                                    List.of())));
        }
        return cases;
    }

    private static void flatten(String prefix, ProbeTest test, List<Case> cases) {
        String own = test.name().isEmpty() ? Integer.toString(test.number()) : test.name();
        String name = prefix + own;
        test.subtests().forEach(subtest -> flatten(name + "/", subtest, cases));
        // The result of a group only repeats those of its members, unless it alone says failure.
        if (test.subtests().isEmpty()
                || (test.outcome().failure()
                        && test.subtests().stream().noneMatch(ProbeTest::failed))) {
            cases.add(new Case(name, test));
        }
    }

    private static void testCase(XMLStreamWriter xml, String probe, Case one)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute(xml, "classname", probe);
        attribute(xml, "name", one.name);
        if (!one.test.measures().isEmpty()) {
            properties(xml, one.test.measures());
        }
        switch (one.test.outcome()) {
            case PASS -> {}
            case FAIL -> verdict(xml, "failure", "failed", one.test);
            case TIMEOUT -> verdict(xml, "error", "timed out", one.test);
            case ERROR -> verdict(xml, "error", "broke", one.test);
            case SKIP -> verdict(xml, "skipped", "skipped", one.test);
            case XFAIL -> verdict(xml, "skipped", "expected failure", one.test);
            case TODO -> verdict(xml, "skipped", "to be done", one.test);
        }
        xml.writeEndElement();
    }

    private static void properties(XMLStreamWriter xml, List<Measure> measures)
            throws XMLStreamException {
        xml.writeStartElement("properties");
        for (Measure measure : measures) {
            xml.writeEmptyElement("property");
            attribute(xml, "name", measure.name());
            attribute(xml, "value", measure.text());
        }
        xml.writeEndElement();
    }

    private static void verdict(XMLStreamWriter xml, String element, String word, ProbeTest test)
            throws XMLStreamException {
        xml.writeStartElement(element);
        attribute(xml, "message", test.reason().isEmpty() ? word : word + ": " + test.reason());
        if (!test.diagnostics().isEmpty()) {
            xml.writeCharacters(legal(String.join("\n", test.diagnostics())));
        }
        xml.writeEndElement();
    }

    private static void attribute(XMLStreamWriter xml, String name, String value)
            throws XMLStreamException {
        xml.writeAttribute(name, legal(value));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }

    /** Replaces what no XML 1.0 document may hold, escaped or not: a probe may print any byte. */
    private static String legal(String text) {
        StringBuilder legal = new StringBuilder(text.length());
        text.codePoints()
                .map(
                        c ->
                                c == '\t'
                                                || c == '\n'
                                                || c == '\r'
                                                || (c >= 0x20 && c <= 0xD7FF)
                                                || (c >= 0xE000 && c <= 0xFFFD)
                                                || c >= 0x10000
                                        ? c
                                        : 0xFFFD)
                .forEach(legal::appendCodePoint);
        return legal.toString();
    }
}
