/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.core.KmodscopeException;

/**
 * What the real templates are rendered to: a few trees word by word, but for their probes, and the
 * rules of form for every pair of choices, with names of all lengths. That the result builds and
 * loads is shown on real kernels, in the lab's tests.
 *
 * <p>The expected trees are in {@code resources/golden}. To renew them after a change that is
 * meant, run this class with {@code -Dkmodscope.golden=} and that directory's absolute path, look
 * at the difference, and commit it.
 */
class GeneratedDriverTest {

    private static final TemplateRenderer RENDERER =
            new TemplateRenderer(
                    TemplateSource.classLoader(GeneratedDriverTest.class.getClassLoader()));
    private static final List<String> NAMES =
            List.of("q", "globalfifo", "globalfifos", "qbcdefghijklmnopqrstuvwxyz01234");

    private static DriverSpec.Builder spec(String name) {
        return DriverSpec.named(name).author("Ann Author <ann@example.org>");
    }

    static Stream<DriverSpec> golden() throws KmodscopeException {
        return Stream.of(
                spec("ringfifo").build(),
                spec("z")
                        .device("zz-1")
                        .description("One \"quoted\" line")
                        .licence(Licence.GPL_2_0_OR_MIT)
                        .features(FeatureSet.parse("fasync,pollout=none"))
                        .kernelMin("6.12")
                        .build(),
                spec("many")
                        .features(
                                FeatureSet.parse(
                                        "fasync,poll,aio=queued,workqueue=ordered,ioctl,fsync,params,"
                                                + "minors,cdev,trace"))
                        .build(),
                spec("later")
                        .features(FeatureSet.parse("aio=deferred,workqueue=system,minors"))
                        .kernelMin("6.1")
                        .probes(List.of())
                        .build(),
                spec("sampler", "meter").probes(List.of()).build(),
                spec("sampler", "tick")
                        .features(RENDERER.parse("sampler", "fasync,signal=irq"))
                        .kernelMin("6.13")
                        .probes(List.of())
                        .build(),
                spec("nullzero", "blank").probes(List.of()).build());
    }

    private static DriverSpec.Builder spec(String template, String name) throws KmodscopeException {
        return RENDERER.begin(template, name).author("Ann Author <ann@example.org>");
    }

    static List<String> templates() throws KmodscopeException {
        return RENDERER.templates();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void theTreeIsTheExpectedOne(DriverSpec spec) throws Exception {
        var tree = RENDERER.render(spec);
        var text = new StringBuilder();
        for (var path : tree.paths()) {
            text.append("==> ").append(path).append(" <==\n");
            // Nothing is put into the programs: they are what lies in kmod-templates/probes.
            if (!path.matches("probes/(.*\\.c|.*/.*)")) {
                text.append(tree.text(path).orElseThrow());
            }
        }
        var name = "golden/" + spec.module() + ".txt";
        var renew = Optional.ofNullable(System.getProperty("kmodscope.golden"));
        if (renew.isPresent()) {
            Files.writeString(Path.of(renew.get()).resolve(spec.module() + ".txt"), text);
            fail(name + " was written; look at it and run the tests without kmodscope.golden");
        }
        assertEquals(resource(name), text.toString());
    }

    private static String resource(String name) throws IOException {
        try (var stream = GeneratedDriverTest.class.getClassLoader().getResourceAsStream(name)) {
            return stream == null
                    ? fail(name + " is missing")
                    : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Each two choices together, alone and missing from nearly everything: of what goes with what,
     * nothing depends on more than two.
     */
    private static Set<FeatureSet> combinations(String template) throws KmodscopeException {
        var offered = RENDERER.features(template);
        var all = FeatureSet.of(offered);
        var bases =
                Stream.of(
                                all,
                                all.with(Feature.AIO_QUEUED).with(Feature.FSYNC),
                                all.with(Feature.AIO_DEFERRED))
                        .filter(set -> offered.containsAll(set.asSet()))
                        .toList();
        Set<FeatureSet> result = new LinkedHashSet<>(Set.of(FeatureSet.none()));
        for (var one : offered) {
            for (var other : offered) {
                result.add(FeatureSet.none().with(one).with(other));
                for (var base : bases) {
                    result.add(base.without(one).without(other));
                    result.add(base.with(one).without(other));
                }
            }
        }
        result.removeIf(
                set ->
                        !set.hasAio()
                                && !set.has(Feature.SIGNAL_WORK)
                                && set.asSet().stream()
                                        .anyMatch(f -> f.family().equals("workqueue")));
        return result;
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyPairOfChoicesKeepsTheForm(String template) throws KmodscopeException {
        var combinations = combinations(template);
        var least = Map.of("globalfifo", 150, "sampler", 20, "nullzero", 2).get(template);
        assertTrue(combinations.size() >= least, "only " + combinations.size());
        var turn = 0;
        for (var features : combinations) {
            var name = NAMES.get(turn % NAMES.size());
            var kernel = turn / NAMES.size() % 2 == 0 ? "5.10" : "7.3";
            check(
                    spec(template, name)
                            .features(features)
                            .kernelMin(kernel)
                            .probes(List.of())
                            .build());
            turn++;
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void probesKeepTheForm(String template) throws KmodscopeException {
        for (var name : NAMES) {
            check(spec(template, name).build());
        }
    }

    private static void check(DriverSpec spec) throws KmodscopeException {
        var tree = RENDERER.render(spec);
        assertEquals(tree, RENDERER.render(spec), "two renderings differ");
        var problems = new ArrayList<String>();
        for (var path : tree.paths()) {
            var text = tree.text(path).orElseThrow();
            if (!path.startsWith("probes/") && forgotten(spec, path)) {
                problems.add(path + ": the template's name");
            }
            if (!text.endsWith("\n") || text.endsWith("\n\n") || text.startsWith("\n")) {
                problems.add(path + ": its edges");
            }
            if (text.contains("\n\n\n")) {
                problems.add(path + ": two blank lines");
            }
            problems.addAll(lines(path, text, spec));
            if (path.endsWith(".c") || path.endsWith(".h")) {
                problems.addAll(code(path, text));
            }
        }
        assertEquals(List.of(), problems, spec.toString());
    }

    /** Whether the name that stands for the driver's was left in a text. */
    private static boolean forgotten(DriverSpec spec, String text) {
        var lower = text.toLowerCase(java.util.Locale.ROOT);
        return Stream.of("globalfifo", spec.template())
                .anyMatch(name -> !spec.module().contains(name) && lower.contains(name));
    }

    private static List<String> lines(String path, String text, DriverSpec spec) {
        var result = new ArrayList<String>();
        var number = 0;
        for (var line : Text.lines(text)) {
            var where = path + ":" + ++number + ": ";
            var json = path.equals(SpecFile.NAME);
            if (line.contains("KMOD_") || line.matches(".*@[A-Z_]+@.*")) {
                result.add(where + "a switch or a place holder: " + line);
            }
            if (!json && forgotten(spec, line)) {
                result.add(where + "the template's name: " + line);
            }
            if (Text.width(line) > 100) {
                result.add(where + "too wide: " + line);
            }
            if (!line.equals(line.stripTrailing()) || line.contains(" \t")) {
                result.add(where + "blanks: " + line);
            }
        }
        return result;
    }

    /**
     * What checkpatch says about parentheses, blank lines and braces, for every combination. Trace
     * events are set as statements are, although they stand in the parentheses of a macro.
     */
    private static List<String> code(String path, String text) {
        var result = new ArrayList<String>();
        var scanner = new CodeScanner();
        var previous = "";
        var number = 0;
        for (var line : Text.lines(text)) {
            var where = path + ":" + ++number + ": ";
            if (scanner.depth() > 0
                    && !path.endsWith("_trace.h")
                    && !scanner.inComment()
                    && Text.width(Text.leading(line)) != scanner.alignment()
                    && !previous.endsWith("(")
                    && !line.strip().startsWith("\"")) {
                result.add(where + "not under its parenthesis: " + line);
            }
            if (previous.endsWith("{") && line.isBlank()
                    || line.strip().startsWith("}") && previous.isBlank()) {
                result.add(where + "a blank line at a brace: " + line);
            }
            scanner.advance(line);
            previous = line;
        }
        if (scanner.depth() != 0 || scanner.inComment()) {
            result.add(path + ": something is not closed");
        }
        return result;
    }

    @Test
    void featuresBringTheirCodeAndNothingElse() throws KmodscopeException {
        var bare = all(spec("q").features(FeatureSet.none()).build());
        assertFalse(bare.contains("fasync_struct") || bare.contains("kill_fasync(&"));
        assertFalse(bare.contains(".poll =") || bare.contains("ioctl ="));
        var alone = RENDERER.render(spec("q").probes(List.of()).build());
        assertFalse(alone.text("README.md").orElseThrow().contains("Probes"));
        assertTrue(RENDERER.render(spec("q").build()).paths().contains("probes/libaio.c"));
        assertFalse(
                RENDERER.render(spec("q").features(FeatureSet.parse("poll,fasync")).build())
                        .paths()
                        .contains("probes/libaio.c"));
        assertFalse(bare.contains("workqueue") || bare.contains("IOCB_AIO_RW"));
        var in = all(spec("q").features(FeatureSet.parse("fasync,pollout=none")).build());
        assertTrue(in.contains("kill_fasync(&dev->async, SIGIO, POLL_IN);"));
        assertFalse(in.contains("SIGIO, POLL_OUT"));
        var full = RENDERER.render(spec("q").build());
        assertTrue(full.text("q_fifo.c").orElseThrow().contains("SIGIO, POLL_OUT"));
        assertTrue(full.text("q_file.c").orElseThrow().contains("q_fasync(-1, filp, 0);"));
        assertTrue(full.text("q_ioctl.h").orElseThrow().contains("WITH Linux-syscall-note"));
        assertTrue(full.text("probes/probe.h").orElseThrow().contains("\"/dev/q\""));
        assertTrue(
                full.text("probes/probe.h")
                        .orElseThrow()
                        .contains("\"fasync,pollout,poll,aio=queued,workqueue,ioctl,params\""));
        assertTrue(full.text("q_aio.c").orElseThrow().contains("kiocb_set_cancel_fn("));
        assertTrue(full.text("q_compat.h").isPresent());
        var young = RENDERER.render(spec("q").kernelMin("5.16").build());
        assertTrue(young.text("q_compat.h").isEmpty());
        assertFalse(all(spec("q").kernelMin("5.16").build()).contains("compat.h"));
    }

    @Test
    void severalMinorsHaveNodesWithNumbers() throws KmodscopeException {
        var spec = spec("q").device("node").features(FeatureSet.parse("minors,cdev")).build();
        assertEquals("/dev/node0", spec.node());
        var tree = RENDERER.render(spec);
        assertTrue(tree.text("README.md").orElseThrow().contains("/dev/node0"));
        assertTrue(tree.text("q.h").orElseThrow().contains("_DEVICE\t\"node\""));
        assertTrue(
                tree.text("60-q.rules")
                        .orElseThrow()
                        .contains("KERNEL==\"node[0-9]*\", SUBSYSTEM==\"q\""));
        var one = spec.toBuilder().features(FeatureSet.none()).build();
        assertEquals("/dev/node", one.node());
        assertTrue(
                RENDERER.render(one)
                        .text("60-q.rules")
                        .orElseThrow()
                        .contains("KERNEL==\"node\", SUBSYSTEM==\"misc\""));
    }

    /** Of versions, a range has only the shims that it needs. */
    @Test
    void theOldestKernelDecidesWhatIsWrittenDifferently() throws KmodscopeException {
        var cdev = FeatureSet.parse("cdev,aio=deferred");
        var old = all(spec("q").features(cdev).kernelMin("5.10").build());
        assertTrue(old.contains("static struct class q_class") && old.contains("q_compat.h"));
        var middle = all(spec("q").features(cdev).kernelMin("6.3").build());
        assertTrue(middle.contains("static struct class q_class"));
        assertFalse(middle.contains("compat.h"));
        var young = all(spec("q").features(cdev).kernelMin("6.4").build());
        assertTrue(young.contains("static const struct class q_class"));
    }

    private static String all(DriverSpec spec) throws KmodscopeException {
        var tree = RENDERER.render(spec);
        var result = new StringBuilder();
        for (var path : tree.paths()) {
            if (!path.contains("/")) {
                result.append(tree.text(path).orElseThrow());
            }
        }
        return result.toString();
    }
}
