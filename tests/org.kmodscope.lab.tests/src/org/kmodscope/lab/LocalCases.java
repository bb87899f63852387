/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.cli.Main;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.LocalTarget;

/**
 * A program that is run in a lab, as a user of it: several bad days of the local target in one
 * process, because starting one takes seconds there. It prints a line for each, and ends as the
 * command line with the arguments.
 *
 * <pre>
 * LocalCases WRONG_KERNEL.ko WARNING.ko FINE.ko ARGUMENT…
 * </pre>
 */
final class LocalCases {

    private LocalCases() {}

    /** Runs them. */
    public static void main(String[] arguments) throws Exception {
        Path wrong = Path.of(arguments[0]);
        Path warning = Path.of(arguments[1]);
        Path fine = Path.of(arguments[2]);
        LocalTarget target =
                new LocalTarget(
                        CacheDirectory.of(System.getenv()),
                        Optional.empty(),
                        failure -> say("leftover", failure));
        CompletableFuture<String> log = new CompletableFuture<>();
        try (TargetSession session = open(target)) {
            session.onKernelLog(
                    line -> {
                        if (line.text().contains("warns on purpose")) {
                            log.complete(line.text());
                        }
                    });
            attempt("wrong", () -> session.load(wrong, List.of()));
            attempt("parameter", () -> session.load(fine, List.of("size=1 2")));
            attempt("value", () -> session.load(fine, List.of("size=none")));
            attempt("foreign", () -> session.unload("virtio_console"));
            attempt("load", () -> session.load(warning, List.of()));
            attempt("unload", () -> session.unload("warning"));
            System.out.println("log: " + log.get(300, TimeUnit.SECONDS));
            attempt("kept", () -> session.load(fine, List.of("size=8192")));
            attempt("twice", () -> session.load(fine, List.of()));
        }
        // The session took what was loaded with it.
        System.out.println("left: " + Path.of("/sys/module/labfifo").toFile().exists());
        Main.main(Arrays.copyOfRange(arguments, 3, arguments.length));
    }

    private static TargetSession open(LocalTarget target) throws Exception {
        return target.open(new TargetSpec.Local(), new NullProgressMonitor());
    }

    private interface Step {
        void run() throws KmodscopeException, InterruptedException;
    }

    private static void attempt(String name, Step step) throws InterruptedException {
        try {
            step.run();
            System.out.println(name + ": done");
        } catch (KmodscopeException e) {
            say(name, e);
        }
    }

    private static void say(String name, KmodscopeException e) {
        String text = e.getMessage() + " | " + e.remedy();
        System.out.println(name + ": " + e.kind() + " " + text.replace('\n', ' '));
    }
}
