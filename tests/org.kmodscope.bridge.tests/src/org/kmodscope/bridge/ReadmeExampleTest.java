/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.event.EventSink;

/** The example of the bridge's README compiles and runs, with three libraries and no OSGi. */
class ReadmeExampleTest {

    private static final Path README =
            Path.of("../../bundles/org.kmodscope.bridge/README.md").toAbsolutePath();

    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir Path directory;

    @Test
    void theExampleDoesWhatItSays() throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(README));
        assertTrue(example.find(), "the README has an example");
        String source = example.group(1);
        assertTrue(source.lines().count() <= 25, "it is short");
        assertEquals("", compile(source));
        int master = Posix.terminalMaster();
        try (ChildJvm jvm =
                ChildJvm.start(
                        directory,
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath() + File.pathSeparator + directory,
                                "Watch",
                                Posix.terminalPath(master)))) {
            assertEquals("watching", jvm.line());
            Posix.write(master, 1);
            assertTrue(jvm.line().startsWith("SIGIO_IN"));
            jvm.input().close();
            assertEquals(0, jvm.exit(), jvm::printed);
        } finally {
            Libc.close(master);
        }
    }

    /** What is out of order has no method to be called. */
    @Test
    void whatIsOutOfOrderDoesNotCompile() throws Exception {
        for (String misuse :
                List.of(
                        "Bridge.open().start(sink)",
                        "Bridge.open().stop()",
                        "Bridge.open().arm(request).stop()",
                        "Bridge.open().arm(request).statistics()",
                        "Bridge.open().arm(request).start(sink).start(sink)",
                        "Bridge.open().arm(request).start(sink).stop().stop()",
                        "Bridge.open().arm(request).start(sink).stop().start(sink)")) {
            String complaints = compile(program(misuse));
            assertTrue(complaints.contains("cannot find symbol"), misuse + ": " + complaints);
        }
        assertEquals("", compile(program("Bridge.open().arm(request).start(sink).stop()")));
    }

    private static String program(String expression) {
        return """
        import org.kmodscope.bridge.Bridge;
        import org.kmodscope.core.event.EventSink;
        import org.kmodscope.core.target.ArmRequest;
        class Watch {
            void use(ArmRequest request, EventSink sink) throws Exception {
                %s;
            }
        }
        """
                .formatted(expression);
    }

    /** What the compiler says; nothing when it is content. */
    private String compile(String source) throws Exception {
        Path file = Files.writeString(directory.resolve("Watch.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status =
                compiler.run(
                        null,
                        output,
                        output,
                        "-proc:none",
                        "-cp",
                        classPath(),
                        "-d",
                        directory.toString(),
                        file.toString());
        return status == 0 ? "" : output.toString(StandardCharsets.UTF_8);
    }

    private static String classPath() throws URISyntaxException {
        return place(Bridge.class)
                + File.pathSeparator
                + place(EventSink.class)
                + File.pathSeparator
                + place(Native.class);
    }

    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
