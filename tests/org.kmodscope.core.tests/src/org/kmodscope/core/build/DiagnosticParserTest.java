/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.build.Diagnostic.Severity;

/** What tools printed on real kernels, 5.10 to 6.12. */
class DiagnosticParserTest {

    @Test
    void compilerMessagesHaveTheirPlace() {
        assertEquals(
                List.of(
                        "one.h:3:16: error: ‘thing’ undeclared (first use in this function)",
                        "one.c:2: note: included from here",
                        "one.h:3:16: note: each undeclared identifier is reported only once",
                        "one.c:9:13: warning: unused variable ‘unused’ [-Wunused-variable]"),
                parse(
                        """
                          CC [M]  /map/src/one.o
                        In file included from /map/src/one.c:2:
                        /map/src/one.h: In function ‘broken’:
                        /map/src/one.h:3:16: error: ‘thing’ undeclared (first use in this function)
                            3 |         return thing;
                              |                ^~~~~
                        /map/src/one.h:3:16: note: each undeclared identifier is reported only once
                        /map/src/one.c: In function ‘bad_init’:
                        /map/src/one.c:9:13: warning: unused variable ‘unused’ [-Wunused-variable]
                        """));
    }

    @Test
    void aFaultInAKernelHeaderLeadsBackToTheProject() {
        assertEquals(
                List.of(
                        "/hdr/include/linux/list.h:7:2: error: expected ‘;’",
                        "inc/b.h:3: note: included from here",
                        "one.c:10: note: included from here"),
                parse(
                        """
                        In file included from /hdr/include/linux/module.h:12,
                                         from /map/src/inc/b.h:3,
                                         from /map/src/one.c:10:
                        /hdr/include/linux/list.h:7:2: error: expected ‘;’
                        """));
    }

    @Test
    void aMissingHeaderIsAnError() {
        assertEquals(
                List.of("two.c:2:10: error: nothing/here.h: No such file or directory"),
                parse(
                        """
                        /map/src/two.c:2:10: fatal error: nothing/here.h: No such file or directory
                            2 | #include <nothing/here.h>
                              |          ^~~~~~~~~~~~~~~~
                        compilation terminated.
                        """));
    }

    @Test
    void modpostHasNoPlace() {
        assertEquals(
                List.of(
                        "warning: modpost: missing MODULE_DESCRIPTION() in bad.o",
                        "error: modpost: \"missing_function\" [bad.ko] undefined!",
                        "error: modpost: missing MODULE_LICENSE() in bad.o"),
                parse(
                        """
                        WARNING: modpost: missing MODULE_DESCRIPTION() in /map/src/bad.o
                        ERROR: modpost: "missing_function" [/map/src/bad.ko] undefined!
                        ERROR: modpost: missing MODULE_LICENSE() in /map/src/bad.o
                        make[1]: *** [/hdr/scripts/Makefile.modpost:127: /map/src/x] Error 1
                        make: *** [/hdr/Makefile:2017: modpost] Error 2
                        """));
    }

    @Test
    void makeIsHeardWhenItSaysTheReason() {
        assertEquals(
                List.of(
                        "error: make: No rule to make target 'nosuch.o', needed by '.'.",
                        "Kbuild:4: error: make: missing separator."),
                parse(
                        """
                        make[1]: *** No rule to make target 'nosuch.o', needed by '/map/src'.  Stop.
                        make[1]: *** Waiting for unfinished jobs....
                        make[2]: *** Deleting file 'Module.symvers'
                        /map/src/Kbuild:4: *** missing separator.  Stop.
                        make: *** [/hdr/Makefile:2065: /map/src] Error 2
                        """));
    }

    @Test
    void linkerMessages() {
        assertEquals(
                List.of(
                        "sigio.c:12: error: undefined reference to `foo'",
                        "sigio.c: error: undefined reference to `bar'",
                        "error: ld: cannot find -laio: No such file or directory"),
                parse(
                        """
                        /usr/bin/ld: /tmp/ccb3.o: in function `main':
                        /map/src/sigio.c:12: undefined reference to `foo'
                        /usr/bin/ld: /map/src/sigio.c:(.text+0x9): undefined reference to `bar'
                        /usr/bin/ld: cannot find -laio: No such file or directory
                        collect2: error: ld returned 1 exit status
                        """));
    }

    @Test
    void clangAndSparseAndObjtool() {
        assertEquals(
                List.of(
                        "a.c:5:9: error: use of undeclared identifier 'x'",
                        "a.c:7:12: warning: symbol 'y' was not declared. Should it be static?",
                        "a.o: warning: objtool: f()+0x3: missing return",
                        "error: unrecognized command-line option ‘-mfoo’",
                        "note: the compiler differs from the one used to build the kernel"),
                parse(
                        """
                        warning: the compiler differs from the one used to build the kernel
                          The kernel was built by: gcc-12 (Debian 12.2.0-14) 12.2.0
                        /map/src/a.c:5:9: error: use of undeclared identifier 'x'
                        1 error generated.
                        /map/src/a.c:7:12: warning: symbol 'y' was not declared. Should it be static?
                        /map/src/a.o: warning: objtool: f()+0x3: missing return
                        gcc: error: unrecognized command-line option ‘-mfoo’
                        """,
                        true));
    }

    @Test
    void relativeNamesAreOfTheProject() {
        assertEquals(List.of("a.c:1:2: error: x"), parse("a.c:1:2: error: x\n"));
        assertEquals(List.of("sub/a.c:1: error: x"), parse("./sub/a.c:1: error: x\n"));
    }

    @Test
    void repeatedMessagesAreKeptOnce() {
        assertEquals(1, parse("/map/src/a.h:1:2: warning: w\n".repeat(50)).size());
    }

    @Test
    void aFloodIsBounded() {
        StringBuilder flood = new StringBuilder();
        for (int i = 1; i <= 5_000; i++) {
            flood.append("/map/src/a.c:").append(i).append(":1: error: e\n");
        }
        List<String> found = parse(flood.toString());
        assertEquals(1_001, found.size());
        assertEquals("note: 4000 further messages are not shown", found.getLast());
    }

    @Test
    void anythingElseIsPassedOver() {
        assertEquals(
                List.of(),
                parse(
                        """

                        \u0000\u0001:::: error
                        12:30:01: all is well
                        : error: nobody
                          LD [M]  /map/src/a.ko
                        Skipping BTF generation for /map/src/a.ko due to unavailability of vmlinux
                        99999999999999999999
                        """));
        assertTrue(parse("a.c:99999999999:1: error: e\n").getFirst().startsWith("a.c:1: error"));
    }

    @Test
    void aLongLineTakesNoLongTime() {
        assertEquals(List.of(), parse("a b: ".repeat(10_000) + "\n"));
        assertEquals(List.of(), parse("x".repeat(60_000) + "\n"));
        assertEquals(List.of(), parse("/a b ".repeat(10_000) + "\n"));
    }

    @Test
    void diagnosticsPrintAsCompilersDo() {
        assertEquals(
                "a.c:3: warning: w", new Diagnostic("a.c", 3, 0, Severity.WARNING, "w").toString());
    }

    private static List<String> parse(String text) {
        return parse(text, false);
    }

    private static List<String> parse(String text, boolean noteLast) {
        DiagnosticParser parser =
                new DiagnosticParser(new Naming(Path.of("/map/src"), Path.of("/hdr")));
        text.lines().forEach(parser::line);
        List<String> all =
                new java.util.ArrayList<>(
                        parser.diagnostics().stream().map(Diagnostic::toString).toList());
        if (noteLast) {
            all.add(all.removeFirst());
        }
        return all;
    }
}
