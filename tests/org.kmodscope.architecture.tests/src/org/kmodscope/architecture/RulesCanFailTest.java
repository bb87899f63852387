/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule finds what breaks it, in code that is compiled for this purpose. */
class RulesCanFailTest {

    /** Stand-ins for the libraries, so that fixtures compile without them. */
    private static final List<String> LIBRARIES =
            List.of(
                    "package com.sun.jna; public class Pointer {}",
                    "package org.eclipse.swt.widgets; public class Display {}",
                    "package org.eclipse.core.resources; public class IResource {}",
                    "package org.eclipse.core.runtime.jobs; public class Job {}",
                    "package org.kmodscope.core; public class Model {}",
                    "package org.kmodscope.ide; public class Builder {}",
                    "package org.kmodscope.bridge; public class Signals {}",
                    "package org.kmodscope.targets; public class Qemu {}");

    @TempDir Path output;

    /** Rule, bundle, what one violation says, the source that commits it. */
    static Stream<Arguments> breaches() {
        return Stream.of(
                inCode(
                        Rule.BUNDLES_DEPEND_DOWNWARDS,
                        "core",
                        "ide.Builder",
                        "Object o = new org.kmodscope.ide.Builder();"),
                inCode(
                        Rule.BUNDLES_DEPEND_DOWNWARDS,
                        "ide",
                        "bridge.Signals",
                        "java.util.List<org.kmodscope.bridge.Signals> o;"),
                inManifest(
                        Rule.BUNDLES_DEPEND_DOWNWARDS,
                        "bridge",
                        "Require-Bundle",
                        "org.kmodscope.core,org.kmodscope.ide"),
                inManifest(
                        Rule.CORE_NEEDS_NO_PLATFORM,
                        "core",
                        "Require-Bundle",
                        "org.eclipse.core.runtime"),
                inCode(
                        Rule.BRIDGE_AND_TARGETS_ARE_NAMED_IN_ONE_PLACE,
                        "cli",
                        "targets.Qemu",
                        "void f() { new org.kmodscope.targets.Qemu(); }"),
                inCode(
                        Rule.BRIDGE_AND_TARGETS_ARE_NAMED_IN_ONE_PLACE,
                        "targets",
                        "bridge.Signals",
                        "org.kmodscope.bridge.Signals s;"),
                inCode(
                        Rule.JNA_ONLY_IN_BRIDGE,
                        "targets",
                        "com.sun.jna.Pointer",
                        "com.sun.jna.Pointer p() { return null; }"),
                inManifest(
                        Rule.JNA_ONLY_IN_BRIDGE,
                        "core",
                        "Import-Package",
                        "com.google.gson,com.sun.jna;version=\"[5.0,6.0)\""),
                inCode(
                        Rule.WIDGETS_ONLY_IN_UI,
                        "ide",
                        "org.eclipse.swt.widgets.Display",
                        "Object d = org.eclipse.swt.widgets.Display.class;"),
                inManifest(
                        Rule.WIDGETS_ONLY_IN_UI, "ide", "Require-Bundle", "org.eclipse.debug.ui"),
                inCode(
                        Rule.WORKSPACE_AND_JOBS_ONLY_IN_ECLIPSE_BUNDLES,
                        "targets",
                        "jobs.Job",
                        "org.eclipse.core.runtime.jobs.Job job;"),
                inCode(
                        Rule.WORKSPACE_AND_JOBS_ONLY_IN_ECLIPSE_BUNDLES,
                        "cli",
                        "resources.IResource",
                        "boolean f(Object o) { return o instanceof org.eclipse.core.resources.IResource; }"),
                inManifest(
                        Rule.NO_REEXPORT,
                        "ide",
                        "Require-Bundle",
                        "org.kmodscope.core;visibility:=reexport"),
                inManifest(
                        Rule.INTERNAL_PACKAGES_ARE_NOT_EXPORTED,
                        "targets",
                        "Export-Package",
                        "org.kmodscope.targets.internal.qemu;x-friends:=\"org.kmodscope.cli,org.kmodscope.ui\""),
                inCode(Rule.NO_STATIC_STATE, "core", "cache", "static Object cache;"),
                inCode(
                        Rule.NO_GET_DEFAULT,
                        "ui",
                        "getDefault",
                        "Fixture getDefault() { return this; }"),
                inCode(Rule.NAMES_SAY_THE_ROLE, "core", "DeviceManager", "class DeviceManager {}"),
                inCode(Rule.NAMES_SAY_THE_ROLE, "core", "IoUtils", "class IoUtils {}"),
                inSource(
                        Rule.TESTS_WAIT_FOR_CONDITIONS,
                        "tests/x/src/T.java",
                        List.of("    Thread" + ".sleep(100);")),
                inSource(
                        Rule.TESTS_WAIT_FOR_CONDITIONS,
                        "tests/x/src/T.java",
                        List.of("TimeUnit.SECONDS" + ".sleep (1);")),
                inSource(
                        Rule.FILES_ARE_SHORT,
                        "bundles/x/src/T.java",
                        Collections.nCopies(401, "")));
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void breachIsFound(Rule rule, Fixture fixture, String said) throws IOException {
        List<String> violations = rule.violations(fixture.facts(output));
        assertEquals(
                1,
                violations.stream().filter(text -> text.contains(said)).count(),
                violations::toString);
    }

    @ParameterizedTest
    @EnumSource
    void everyRuleHasABreachHere(Rule rule) {
        assertEquals(true, breaches().anyMatch(arguments -> arguments.get()[0] == rule));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAllowedBreaksNoRule(Rule rule) throws IOException {
        var composition =
                new Fixture(
                        "cli",
                        "Composition",
                        Map.of(
                                "Require-Bundle",
                                        "org.kmodscope.core,org.kmodscope.bridge;bundle-version=\"[0.1,0.2)\"",
                                "Export-Package",
                                        "org.kmodscope.cli;uses:=\"org.kmodscope.core.internal\""),
                        "static final Object LOCK = new Object(); org.kmodscope.bridge.Signals s; enum Kind { A }"
                                + " int f(Kind k) { return switch (k) { case A -> 1; }; }",
                        List.of(
                                new SourceFacts(
                                        "bundles/x/src/T.java",
                                        Collections.nCopies(400, "Thread" + ".sleep(1);"))));
        assertEquals(List.of(), rule.violations(composition.facts(output)));
    }

    private static Arguments inCode(Rule rule, String bundle, String said, String member) {
        return Arguments.of(
                rule, new Fixture(bundle, "Fixture", Map.of(), member, List.of()), said);
    }

    private static Arguments inManifest(Rule rule, String bundle, String header, String value) {
        String last = value.replaceAll(";.*", "").replaceAll(".*,", "");
        return Arguments.of(
                rule, new Fixture(bundle, "Fixture", Map.of(header, value), "", List.of()), last);
    }

    private static Arguments inSource(Rule rule, String path, List<String> lines) {
        return Arguments.of(
                rule,
                new Fixture("core", "Fixture", Map.of(), "", List.of(new SourceFacts(path, lines))),
                path);
    }

    /** A bundle with one class. */
    private record Fixture(
            String bundle,
            String type,
            Map<String, String> headers,
            String member,
            List<SourceFacts> sources) {

        Facts facts(Path output) throws IOException {
            String name = "org.kmodscope." + bundle;
            String source = "package " + name + "; class " + type + " { " + member + " }";
            compile(output, Stream.concat(LIBRARIES.stream(), Stream.of(source)).toList());
            List<ClassFacts> classes =
                    Checkout.classes(output).stream()
                            .filter(each -> each.outermost().equals(name + "." + type))
                            .toList();
            return new Facts(List.of(new BundleFacts(name, headers, classes)), sources);
        }

        @Override
        public String toString() {
            return bundle
                    + " "
                    + headers
                    + member
                    + (sources.isEmpty() ? "" : sources.get(0).path());
        }
    }

    private static void compile(Path output, List<String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Files.createDirectories(output);
        var units = sources.stream().map(Source::new).toList();
        boolean compiled =
                compiler.getTask(
                                null,
                                null,
                                null,
                                List.of("-d", output.toString(), "-proc:none"),
                                null,
                                units)
                        .call();
        assertEquals(true, compiled);
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(
                    URI.create(
                            "string:///"
                                    + text.replaceAll(".*?(?:class) (\\w+).*", "$1")
                                    + Kind.SOURCE.extension),
                    Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
