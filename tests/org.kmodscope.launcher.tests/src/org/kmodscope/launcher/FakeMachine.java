/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A checkout with nothing in it but the real launcher, on a machine whose JDK, Maven, apt-get and
 * dpkg-query are scripts that write down how they were called.
 */
final class FakeMachine {

    /** What came of a run. */
    record Run(int code, String out, String err) {}

    private static final long LIMIT_SECONDS = 60;

    private final Path root;
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<Process, List<Path>> outputs = new HashMap<>();

    FakeMachine(Path root) throws IOException {
        this.root = root;
        Path launcher = Path.of("").toAbsolutePath().resolve("../../kmodscope").normalize();
        Files.createDirectories(checkout());
        Files.copy(launcher, checkout().resolve("kmodscope"));
        executable(checkout().resolve("kmodscope"));
        for (String directory :
                List.of(
                        "bundles/a/src",
                        ".mvn",
                        "features",
                        "kmod-templates",
                        "releng/target",
                        "tests")) {
            Files.createDirectories(checkout().resolve(directory));
        }
        Files.writeString(checkout().resolve("pom.xml"), "<project/>");
        Files.writeString(checkout().resolve("bundles/a/src/A.java"), "class A {}");
        Files.createDirectories(home());

        for (String tool : List.of("javac", "jlink")) {
            script(jdk().resolve("bin/" + tool), "exit 9");
        }
        script(
                jdk().resolve("bin/java"),
                "note java \"$@\"",
                "echo \"in $PWD\"",
                "exit ${JAVA_EXIT:-0}");
        Files.writeString(jdk().resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        script(
                cache().resolve("maven/3.9.11/bin/mvn"),
                "note mvn \"$@\"",
                "echo '[INFO] Building org.kmodscope.core [2/8]'",
                "mkdir -p releng/org.kmodscope.cli.dist/target/lib",
                "touch releng/org.kmodscope.cli.dist/target/lib/core.jar",
                "ide=releng/org.kmodscope.product/target/products/org.kmodscope.product/linux/gtk/x86_64/plugins",
                "mkdir -p $ide && touch $ide/org.eclipse.equinox.launcher_1.8.0.jar",
                "[[ ! -d $REPORTS ]] || { mkdir -p tests/x/target && cp -r \"$REPORTS\" tests/x/target/surefire-reports; }",
                "if ((${MVN_EXIT:-0})); then echo \"[ERROR] ${MVN_SAYS:-it does not compile}\"; fi",
                "exit ${MVN_EXIT:-0}");
        script(
                root.resolve("bin/dpkg-query"),
                "[[ \" $MISSING \" == *\" ${!#} \"* ]] || printf installed");
        script(
                root.resolve("bin/apt-get"),
                "note apt-get \"$@\"",
                "[[ $* == *update* ]] || exit ${APT_EXIT:-0}");
        script(root.resolve("bin/apt-cache"), "[[ ${!#} == *t64 ]] || echo found");
        script(root.resolve("bin/sudo"), "[[ $1 == -n ]] || \"$@\"");
        script(
                root.resolve("bin/xvfb-run"),
                "note xvfb-run",
                "while [[ $1 != env ]]; do shift; done",
                "\"$@\"");
        environment.put("HOME", home().toString());
        environment.put("JAVA_HOME", jdk().toString());
        environment.put("PATH", root.resolve("bin") + ":/usr/bin:/bin");
        environment.put("CALLS", root.resolve("calls").toString());
    }

    /** A program of the checkout that only notes how it was called. */
    FakeMachine withProgram(String file) throws IOException {
        Path program = checkout().resolve(file);
        Files.createDirectories(program.getParent());
        script(program, "note " + program.getFileName() + " \"$@\"");
        return this;
    }

    Path checkout() {
        return root.resolve("a checkout, ü");
    }

    Path home() {
        return root.resolve("home");
    }

    Path jdk() {
        return root.resolve("jdk");
    }

    Path cache() {
        return home().resolve(".cache/kmodscope");
    }

    FakeMachine with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Runs the launcher in the home directory. */
    Run run(String... arguments) throws IOException, InterruptedException {
        return await(start(arguments));
    }

    Process start(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(checkout().resolve("kmodscope").toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(home().toFile());
        builder.redirectOutput(Files.createTempFile(root, "out", "").toFile());
        builder.redirectError(Files.createTempFile(root, "err", "").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        outputs.put(
                process,
                List.of(
                        builder.redirectOutput().file().toPath(),
                        builder.redirectError().file().toPath()));
        return process;
    }

    Run await(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher did not end");
        }
        List<Path> files = outputs.remove(process);
        return new Run(
                process.exitValue(),
                Files.readString(files.get(0)),
                Files.readString(files.get(1)));
    }

    /** Calls of the scripts so far, one line each, arguments in brackets. */
    List<String> calls() throws IOException {
        Path calls = root.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    long calls(String tool) throws IOException {
        return calls().stream().filter(call -> call.startsWith(tool)).count();
    }

    private static void script(Path file, String... lines) throws IOException {
        Files.createDirectories(file.getParent());
        // One write for a line: programs that run side by side write to one file.
        String note =
                "note() { local line; printf -v line ' [%s]' \"${@:2}\";"
                        + " printf '%s%s\\n' \"$1\" \"$line\" >>\"$CALLS\"; }";
        Files.writeString(file, "#!/bin/bash\n" + note + "\n" + String.join("\n", lines) + "\n");
        executable(file);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
