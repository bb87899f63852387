/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/** The renderer on small templates of its own, and what it says when something is not there. */
class TemplateRendererTest {

    private static final String MAIN =
            """
            // SPDX-License-Identifier: GPL-2.0
            /* tiny: a device, /dev/tiny. */
            #include "tiny.h"
            #ifdef KMOD_POLL
            int tiny_poll(void);
            #endif
            #ifdef KMOD_BEFORE_5_16
            int tiny_old(void);
            #endif
            #ifdef KMOD_AIO
            int tiny_aio(void);
            #endif
            const char *name = "tiny";
            #define TINY_MAX	1
            MODULE_AUTHOR("@AUTHOR@");
            MODULE_LICENSE("GPL");
            """;

    private final Map<String, String> files =
            new HashMap<>(
                    Map.of(
                            "drivers/index.json", "{\"templates\": [\"tiny\"]}",
                            "drivers/tiny/template.json",
                                    """
                                    {"prefix": "tiny", "description": "Tiny",
                                     "features": ["poll", "aio=queued", "workqueue"],
                                     "defaults": ["poll"],
                                     "needsOne": {"workqueue": ["aio=queued", "poll"]},
                                     "writable": false, "model": "sink",
                                     "probes": ["p", "poller", "tiny", "parted"],
                                     "files": [{"path": "tiny_main.c"},
                                               {"path": "dot", "to": ".tiny"},
                                               {"path": "tiny_aio.c", "when": ["KMOD_AIO_QUEUED", "KMOD_BEFORE_7_0"]}]}
                                    """,
                            "drivers/tiny/tiny_main.c", MAIN,
                            "drivers/tiny/tiny_aio.c", "int tiny_aio;\n",
                            "drivers/tiny/dot", "@DESCRIPTION@ of tiny, @FEATURES@\n",
                            "project/index.json", "{\"prefix\": \"tiny\", \"files\": []}",
                            "probes/index.json",
                                    """
                                    {"shared": ["k.h"],
                                     "probes": [{"name": "p"}, {"name": "other"},
                                                {"name": "tiny", "in": "drivers/tiny/probes"},
                                                {"name": "parted", "needs": ["ioctl"],
                                                 "files": ["parted/main.c", "parted/two.c"]},
                                                {"name": "poller", "needs": ["poll", "fasync"]}]}
                                    """,
                            "probes/k.h", "char *path = \"/dev/@DEVICE@\";\n",
                            "drivers/tiny/probes/tiny.c", "#include \"tiny.h\"\n",
                            "probes/p.c", "char *device = \"/dev/tiny\";\n"));

    private final TemplateRenderer renderer =
            new TemplateRenderer(
                    path ->
                            Optional.ofNullable(files.get(path))
                                    .orElseThrow(
                                            () ->
                                                    new KmodscopeException(
                                                            Kind.FAILED, path + " is missing", ""))
                                    .getBytes(StandardCharsets.UTF_8));

    private static DriverSpec.Builder spec(String features) throws KmodscopeException {
        return DriverSpec.named("ring")
                .template("tiny")
                .device("ring0")
                .author("A \"B\" \\ @DESCRIPTION@ tiny $1")
                .description("KMOD_POLL")
                .features(FeatureSet.parse(features))
                .probes(List.of("p"));
    }

    @Test
    void namesValuesAndSwitchesComeTogether() throws KmodscopeException {
        var tree = renderer.render(spec("none").kernelMin("6.1").build());
        assertEquals(
                List.of(".ring", "kmodscope.json", "probes/k.h", "probes/p.c", "ring_main.c"),
                tree.paths());
        assertEquals(
                """
                // SPDX-License-Identifier: GPL-2.0
                /* ring: a device, /dev/ring0. */
                #include "ring.h"
                const char *name = "ring0";
                #define RING_MAX	1
                MODULE_AUTHOR("A \\"B\\" \\\\ @DESCRIPTION@ tiny $1");
                MODULE_LICENSE("GPL");
                """,
                tree.text("ring_main.c").orElseThrow());
        assertEquals(Optional.of("KMOD_POLL of ring, none\n"), tree.text(".ring"));
        assertEquals(Optional.of("char *device = \"/dev/ring0\";\n"), tree.text("probes/p.c"));
    }

    @Test
    void versionsAndFamiliesAreSwitches() throws KmodscopeException {
        var old =
                renderer.render(spec("aio=queued,poll").build()).text("ring_main.c").orElseThrow();
        assertTrue(
                old.contains("ring_old") && old.contains("ring_aio") && old.contains("ring_poll"));
        var tree = renderer.render(spec("poll").kernelMin("5.16").build());
        var young = tree.text("ring_main.c").orElseThrow();
        assertFalse(young.contains("ring_old") || young.contains("ring_aio"));
        assertEquals(Optional.empty(), tree.text("ring_aio.c"));
        assertEquals(
                Optional.of("int ring_aio;\n"),
                renderer.render(spec("aio=queued").build()).text("ring_aio.c"));
        assertEquals(
                Optional.empty(),
                renderer.render(spec("aio=queued").kernelMin("7.0").build()).text("ring_aio.c"));
    }

    @ParameterizedTest
    @EnumSource(Licence.class)
    void licencesReachTheFirstLineAndTheMacro(Licence licence) throws KmodscopeException {
        files.put(
                "drivers/tiny/dot",
                "/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */\n");
        var tree = renderer.render(spec("none").licence(licence).build());
        var text = tree.text("ring_main.c").orElseThrow();
        assertEquals(
                "// SPDX-License-Identifier: " + licence.spdx(),
                text.lines().findFirst().orElseThrow());
        assertTrue(text.contains("MODULE_LICENSE(\"" + licence.moduleLicense() + "\");"));
        assertEquals(
                Optional.of("/* SPDX-License-Identifier: " + licence.uapiSpdx() + " */\n"),
                tree.text(".ring"));
    }

    @Test
    void noProbesMeansNoProbeFiles() throws KmodscopeException {
        var paths = renderer.render(spec("none").probes(List.of()).build()).paths();
        assertTrue(paths.stream().noneMatch(path -> path.startsWith("probes/")), paths.toString());
    }

    @Test
    void whoNamesNoProbesGetsThoseThatFit() throws KmodscopeException {
        files.put("probes/poller.c", "int poller;\n");
        assertEquals(List.of("p", "poller", "tiny", "parted"), renderer.probes("tiny"));
        var fitting = renderer.render(spec("poll").probes(Optional.empty()).build());
        assertEquals(Optional.of("int poller;\n"), fitting.text("probes/poller.c"));
        assertEquals(
                Optional.of(List.of("p", "tiny", "poller")),
                SpecFile.parse(fitting.text(SpecFile.NAME).orElseThrow()).probes());
        var fewer = renderer.render(spec("none").probes(Optional.empty()).build());
        assertEquals(Optional.empty(), fewer.text("probes/poller.c"));
        assertEquals(Optional.of("char *path = \"/dev/ring0\";\n"), fewer.text("probes/k.h"));
    }

    @Test
    void aProbeOfAnotherTemplateIsRefused() throws KmodscopeException {
        var spec = spec("none").probes(List.of("other")).build();
        var refused = assertThrows(KmodscopeException.class, () -> renderer.render(spec));
        assertEquals(Kind.USAGE, refused.kind());
        assertTrue(refused.remedy().contains("p, poller, tiny"), refused.remedy());
    }

    @Test
    void aProbeMayHaveSeveralFilesAndKnowsTheModelOfTheDevice() throws KmodscopeException {
        files.put("probes/parted/main.c", "char *model = \"@MODEL@\";\n");
        files.put("probes/parted/two.c", "int two;\n");
        var tree = renderer.render(spec("none").probes(List.of("parted")).build());
        assertEquals(Optional.of("char *model = \"sink\";\n"), tree.text("probes/parted/main.c"));
        assertEquals(Optional.of("int two;\n"), tree.text("probes/parted/two.c"));
    }

    @Test
    void aTemplateHasDefaultsOfItsOwn() throws KmodscopeException {
        var spec = renderer.begin("tiny", "ring").build();
        assertEquals("tiny", spec.template());
        assertEquals("Tiny", spec.description());
        assertEquals("poll", spec.features().toString());
        assertThrows(KmodscopeException.class, () -> renderer.begin("none", "ring"));
        assertFalse(renderer.writable("tiny"));
        assertEquals(FeatureSet.parse("poll"), renderer.parse("tiny", "poll"));
    }

    @Test
    void aProbeOfTheTemplateHasItsNamesAndKeepsItsOwn() throws KmodscopeException {
        var tree = renderer.render(spec("poll").probes(List.of("tiny")).build());
        assertEquals(Optional.of("#include \"ring.h\"\n"), tree.text("probes/tiny.c"));
        assertEquals(Optional.empty(), tree.text("probes/p.c"));
    }

    @Test
    void theSpecificationIsPartOfTheTree() throws KmodscopeException {
        var spec = spec("poll").build();
        assertEquals(spec, SpecFile.parse(renderer.render(spec).text(SpecFile.NAME).orElseThrow()));
    }

    @Test
    void whatIsNotOfferedIsRefusedBeforeAnythingIsWritten() throws KmodscopeException {
        for (var builder : List.of(spec("fasync"), spec("none").template("sampler"))) {
            var spec = builder.build();
            var refused = assertThrows(KmodscopeException.class, () -> renderer.render(spec));
            assertEquals(Kind.USAGE, refused.kind());
            assertTrue(refused.getMessage().contains("yet"), refused.getMessage());
        }
    }

    @Test
    void whatMeansNothingAloneIsRefused() throws KmodscopeException {
        var spec = spec("workqueue").build();
        var refused = assertThrows(KmodscopeException.class, () -> renderer.render(spec));
        assertEquals(Kind.USAGE, refused.kind());
        assertTrue(refused.getMessage().contains("no use for workqueue"), refused.getMessage());
    }

    @Test
    void damagedTemplatesAreNamedWithTheirLine() throws KmodscopeException {
        var spec = spec("none").build();
        files.put("drivers/tiny/tiny_main.c", "int a;\n#ifdef KMOD_NONSENSE\n#endif\n");
        var failed = assertThrows(KmodscopeException.class, () -> renderer.render(spec));
        assertEquals(Kind.FAILED, failed.kind());
        assertTrue(failed.getMessage().contains("drivers/tiny/tiny_main.c"), failed.getMessage());
        assertTrue(failed.getMessage().contains("line 2"), failed.getMessage());
        for (var broken : List.of("", "{", "{}", "{\"prefix\": \"tiny\", \"features\": [\"x\"]}")) {
            files.put("drivers/tiny/template.json", broken);
            failed = assertThrows(KmodscopeException.class, () -> renderer.render(spec), broken);
            assertEquals(Kind.FAILED, failed.kind());
            assertTrue(failed.getMessage().contains("template.json"), failed.getMessage());
        }
    }

    @Test
    void sourcesReadTheSameFromAnywhere(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("drivers"));
        Files.writeString(directory.resolve("drivers/index.json"), "x");
        var sources =
                List.of(
                        TemplateSource.directory(directory),
                        TemplateSource.url(directory.toUri().toURL()));
        for (var source : sources) {
            assertEquals(
                    "x", new String(source.read("drivers/index.json"), StandardCharsets.UTF_8));
            var failed =
                    assertThrows(KmodscopeException.class, () -> source.read("drivers/none.json"));
            assertEquals(Kind.FAILED, failed.kind());
            assertTrue(failed.getMessage().contains("drivers/none.json"), failed.getMessage());
        }
        var installed = TemplateSource.classLoader(getClass().getClassLoader());
        assertNotEquals(0, installed.read("drivers/index.json").length);
        assertThrows(KmodscopeException.class, () -> installed.read("drivers/none.json"));
        var guide = new String(installed.read("help/migration-guide.md"), StandardCharsets.UTF_8);
        assertTrue(guide.contains("2.6.18") && guide.contains("read_iter"), "the guide is empty");
    }
}
