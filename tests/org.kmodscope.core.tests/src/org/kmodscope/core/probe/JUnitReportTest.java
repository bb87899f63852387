/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class JUnitReportTest {

    @Test
    void oneSuitePerKernel() throws Exception {
        JUnitReport report = new JUnitReport();
        report.add(
                "debian-6.1",
                parse(
                        "sigio",
                        """
                        KTAP version 1
                        1..4
                          1..2
                          ok 1 in
                          # expected 3, got 2
                          not ok 2 out # too few
                        not ok 1 signals
                        ok 2 skipped # SKIP no device
                        not ok 3 slow # TIMEOUT 60 s
                        ok 4 fine
                        """),
                Duration.ofMillis(1_234));
        report.add("debian-6.1", parse("poll", "ok 1 polls\n"), Duration.ofMillis(766));
        report.add("debian-6.12", parse("sigio", "1..2\nok 1 a\n"), Duration.ZERO);
        Document document = document(report);
        NodeList suites = document.getElementsByTagName("testsuite");
        assertEquals(2, suites.getLength());
        Element first = (Element) suites.item(0);
        assertEquals("debian-6.1", first.getAttribute("name"));
        assertEquals("6", first.getAttribute("tests"));
        assertEquals("1", first.getAttribute("failures"));
        assertEquals("1", first.getAttribute("errors"));
        assertEquals("1", first.getAttribute("skipped"));
        assertEquals("2.000", first.getAttribute("time"));
        NodeList cases = first.getElementsByTagName("testcase");
        assertEquals("signals/in", ((Element) cases.item(0)).getAttribute("name"));
        assertEquals("sigio", ((Element) cases.item(0)).getAttribute("classname"));
        Element failure = (Element) first.getElementsByTagName("failure").item(0);
        assertEquals("failed: too few", failure.getAttribute("message"));
        assertEquals("expected 3, got 2", failure.getTextContent());
        Element second = (Element) suites.item(1);
        assertEquals("1", second.getAttribute("errors"), "a plan not met is an error of its own");
    }

    @Test
    void whatWasMeasuredIsAPropertyOfTheTest() throws Exception {
        JUnitReport report = new JUnitReport();
        report.add(
                "debian-6.1",
                parse("compare", "KTAP version 1\n# measure poll.p50 5.25 us\nok 1 poll\nok 2 b\n"),
                Duration.ZERO);
        NodeList properties = document(report).getElementsByTagName("property");
        assertEquals(1, properties.getLength());
        Element property = (Element) properties.item(0);
        assertEquals("poll.p50", property.getAttribute("name"));
        assertEquals("5.25 us", property.getAttribute("value"));
        assertEquals(
                "poll", ((Element) property.getParentNode().getParentNode()).getAttribute("name"));
    }

    @Test
    void anyByteOfAProbeMakesAWellFormedDocument() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c < 0x300; c++) {
            if (c != '\n' && c != '\r') {
                all.append((char) c);
            }
        }
        all.append("]]> <a b=\"c\"> \uD800 \uFFFE \uFFFF &#1; \uD83D\uDE00");
        ProbeTest test =
                new ProbeTest(
                        1,
                        all.toString(),
                        ProbeTest.Outcome.FAIL,
                        all.toString(),
                        java.util.List.of(all.toString()),
                        java.util.List.of(new Measure(all.toString(), 1, all.toString())),
                        java.util.List.of());
        JUnitReport report = new JUnitReport();
        report.add(
                all.toString(),
                new ProbeReport(
                        all.toString(),
                        java.util.List.of(test),
                        -1,
                        java.util.Optional.of(all.toString()),
                        java.util.List.of(all.toString()),
                        java.util.List.of(all.toString())),
                Duration.ZERO);
        Document document = document(report);
        String text = document.getElementsByTagName("failure").item(0).getTextContent();
        assertTrue(text.contains("]]> <a b=\"c\">"), text);
        assertTrue(text.contains("\uD83D\uDE00"), "what is legal stays");
        assertFalse(text.contains("\u0001"));
    }

    @Test
    void aFileIsWrittenWhole(@TempDir Path temporary) throws Exception {
        JUnitReport report = new JUnitReport();
        report.add("host", parse("sigio", "ok 1 a\n"), Duration.ZERO);
        Path file = temporary.resolve("new/report.xml");
        report.write(file);
        report.write(file);
        assertTrue(Files.readString(file).startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
        try (var files = Files.list(file.getParent())) {
            assertEquals(1, files.count());
        }
    }

    private static ProbeReport parse(String name, String text) {
        KtapParser parser = new KtapParser(name);
        text.lines().forEach(parser::line);
        return parser.finish();
    }

    private static Document document(JUnitReport report) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report.write(bytes);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(bytes.toByteArray()));
    }
}
