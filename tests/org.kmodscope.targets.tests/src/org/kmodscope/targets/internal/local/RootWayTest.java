/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.KernelLogLine;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Who asks for the right to become root, what is run then, and how its answers are read. */
class RootWayTest {

    private static final Path OWN = Path.of("/cache/kmodscope-helper");
    private static final Optional<Path> INSTALLED = Optional.of(InstalledLoader.PROGRAM);
    private static final String HELPER = InstalledLoader.PROGRAM.toString();

    @TempDir Path work;

    private static List<String> way(RootWay.Means means) throws Exception {
        return RootWay.choose(means, OWN).command(List.of("unload", "fifo"));
    }

    private static RootWay.Means user(boolean polkit, boolean sudo, boolean ask, boolean tty) {
        return new RootWay.Means(false, INSTALLED, polkit, sudo, ask, tty);
    }

    @Test
    void onlyRootItselfRunsTheHelperFromTheCache() throws Exception {
        RootWay.Means root = new RootWay.Means(true, Optional.empty(), true, true, false, false);
        assertEquals(List.of(OWN.toString(), "unload", "fifo"), way(root));
        RootWay.Means user = new RootWay.Means(false, Optional.empty(), true, true, true, true);
        KmodscopeException failure = assertThrows(KmodscopeException.class, () -> way(user));
        assertEquals(Kind.MISSING, failure.kind());
        assertTrue(failure.remedy().contains("kmodscope local --install"), failure::remedy);
    }

    @Test
    void polkitIsAskedFirstThenSudoBySomethingThatCanAsk() throws Exception {
        assertEquals(
                List.of("pkexec", HELPER, "unload", "fifo"), way(user(true, true, true, true)));
        assertEquals(
                List.of("sudo", "-A", "--", HELPER, "unload", "fifo"),
                way(user(false, true, true, true)));
        assertEquals(
                List.of("sudo", "--", HELPER, "unload", "fifo"),
                way(user(false, true, false, true)));
        assertEquals(
                List.of("sudo", "-n", "--", HELPER, "unload", "fifo"),
                way(user(false, true, false, false)));
        KmodscopeException none =
                assertThrows(KmodscopeException.class, () -> way(user(false, false, false, true)));
        assertEquals(Kind.MISSING, none.kind());
        assertTrue(none.remedy().contains("apt install"), none::remedy);
    }

    @Test
    void thePolicyIsForTheHelperAndAsksAnAdministrator() throws Exception {
        DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
        xml.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document policy;
        try (InputStream in =
                Objects.requireNonNull(
                        RootWay.class.getResourceAsStream("/polkit/org.kmodscope.local.policy"))) {
            policy = xml.newDocumentBuilder().parse(in);
        }
        assertEquals(1, policy.getElementsByTagName("action").getLength());
        Element path = (Element) policy.getElementsByTagName("annotate").item(0);
        assertEquals("org.freedesktop.policykit.exec.path", path.getAttribute("key"));
        assertEquals(HELPER, path.getTextContent());
        for (String who : List.of("allow_any", "allow_inactive", "allow_active")) {
            String rule = policy.getElementsByTagName(who).item(0).getTextContent();
            assertTrue(rule.startsWith("auth_admin"), rule);
        }
    }

    /** A helper that says what it is told to. */
    private RootCalls helper(String by, int exit, String out, String err) throws Exception {
        Files.writeString(work.resolve("out"), out);
        Files.writeString(work.resolve("err"), err);
        Path script = work.resolve("helper");
        Files.writeString(
                script, "#!/bin/sh\ncat " + work + "/out\ncat " + work + "/err >&2\nexit " + exit);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new RootCalls(new RootWay(by, List.of(script.toString())));
    }

    @Test
    void answersAreReadAndGarbageIsNot() throws Exception {
        String out =
                "log 4 17 1234567 fifo: it says: \\xe4 & more\nlog 9 1 1 no level\nlog 1 2\n"
                        + "device /dev/fifo0\ndevice fifo\n\n";
        RootCalls.Answer answer = helper("sudo", 0, out, "").order("permit", "fifo");
        assertEquals(
                new RootCalls.Answer.Done(
                        List.of(
                                new KernelLogLine(
                                        4, 17, 1_234_567_000L, "fifo: it says: \\xe4 & more")),
                        List.of("/dev/fifo0")),
                answer);
        answer = helper("sudo", 65, "", "sudo: a remark\nrefused 16 it is in use\n").order("x");
        assertEquals(new RootCalls.Answer.Refused(List.of(), 16, "it is in use"), answer);
    }

    private KmodscopeException failure(String by, int exit, String err) throws Exception {
        RootCalls helper = helper(by, exit, "", err);
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> helper.order("unload", "fifo"));
        assertEquals(Kind.FAILED, failure.kind());
        assertTrue(err.isEmpty() || failure.getMessage().contains(err), failure::getMessage);
        return failure;
    }

    @Test
    void whoeverSaysNoIsNamed() throws Exception {
        assertTrue(failure("pkexec", 126, "Request dismissed").getMessage().contains("not given"));
        assertTrue(failure("pkexec", 127, "no agent").getMessage().contains("could not ask"));
        assertTrue(
                failure("sudo", 1, "sudo: a password is required")
                        .remedy()
                        .contains("SUDO_ASKPASS"));
        assertTrue(failure("sudo", 64, "not yours").getMessage().contains("did not do it"));
        assertTrue(failure("sudo", 65, "nothing").getMessage().contains("did not say why"));
    }

    @Test
    void aLogThatDoesNotStartIsADenial() throws Exception {
        assertEquals(Optional.empty(), RootCalls.logLine("following"));
        assertEquals(Optional.empty(), RootCalls.logLine("log 4 99999999999999999999 1 x"));
    }
}
