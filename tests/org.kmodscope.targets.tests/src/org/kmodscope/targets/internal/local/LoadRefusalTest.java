/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.KernelLogLine;

/** What users read when a kernel does not want their module, on kernels made of files. */
class LoadRefusalTest {

    private static final int EPERM = 1;
    private static final int ENOEXEC = 8;
    private static final int EEXIST = 17;
    private static final int ENOKEY = 126;
    private static final int EKEYREJECTED = 129;
    private static final String SECURE_BOOT =
            "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

    @TempDir Path root;

    @BeforeEach
    void plainKernel() throws Exception {
        file("proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
        file("proc/sys/kernel/modules_disabled", "0\n");
        file("proc/self/status", "Name:\tjava\nCapBnd:\t000001ffffffffff\n");
        file("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
    }

    private void file(String name, String text) throws Exception {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void secureBoot(int value) throws Exception {
        file(SECURE_BOOT, "");
        Files.write(root.resolve(SECURE_BOOT), new byte[] {6, 0, 0, 0, (byte) value});
    }

    private KmodscopeException refusal(int errno) {
        return new LoadRefusal(new HostKernelFacts(root))
                .of("fifo-a.ko", errno, "the kernel's reason", List.of());
    }

    private static void says(KmodscopeException failure, String what, String remedy) {
        assertEquals(KmodscopeException.Kind.FAILED, failure.kind());
        assertTrue(failure.getMessage().contains(what), failure::getMessage);
        assertTrue(failure.remedy().contains(remedy), failure::remedy);
    }

    @Test
    void anUnsignedModuleUnderSecureBootHasToBeSigned() throws Exception {
        secureBoot(1);
        file("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        for (int errno : List.of(ENOKEY, EKEYREJECTED)) {
            KmodscopeException failure = refusal(errno);
            says(failure, "Secure Boot is on, lockdown is integrity", "mokutil --import");
            says(failure, "fifo-a.ko", "/lib/modules/6.1.0-56-amd64/build/scripts/sign-file");
            says(failure, "fifo-a.ko", "kmodscope probe DIR");
        }
        says(refusal(EPERM), "the kernel is locked down (integrity)", "mokutil");
    }

    @Test
    void aKernelWithoutSecureBootMayStillWantSignatures() throws Exception {
        secureBoot(0);
        KmodscopeException failure = refusal(ENOKEY);
        says(failure, "Secure Boot is off", "sign-file");
        assertFalse(failure.getMessage().contains("lockdown"), failure::getMessage);
    }

    @Test
    void otherReasonsNotToBePermitted() throws Exception {
        file("proc/sys/kernel/modules_disabled", "1\n");
        says(refusal(EPERM), "until the next boot (kernel.modules_disabled is 1)", "A lab takes");
        file("proc/sys/kernel/modules_disabled", "0\n");
        // CAP_SYS_MODULE, bit 16, is not among those that can be had.
        file("proc/self/status", "CapBnd:\t00000000a80425fb\n");
        says(refusal(EPERM), "in a container", "A lab takes");
        file("proc/self/status", "CapBnd:\t000001ffffffffff\n");
        says(refusal(EPERM), "the kernel's reason (Secure Boot is off)", "A lab takes");
    }

    @Test
    void wrongKernelsAndSecondTimes() {
        says(refusal(ENOEXEC), "the kernel's reason", "package linux-headers-6.1.0-56-amd64");
        says(refusal(EEXIST), "the kernel's reason", "sudo rmmod fifo_a");
    }

    @Test
    void theKernelsOwnWordsFollow() {
        KmodscopeException failure =
                new LoadRefusal(new HostKernelFacts(root))
                        .of(
                                "fifo.ko",
                                EPERM,
                                "no",
                                List.of(new KernelLogLine(3, 1, 1, "fifo: it has a reason")));
        assertTrue(failure.getMessage().endsWith("\nfifo: it has a reason"), failure::getMessage);
    }

    @Test
    void whatAKernelDoesNotSayIsNotMadeUp(@TempDir Path empty) {
        HostKernelFacts facts = new HostKernelFacts(empty);
        assertEquals("unknown", facts.release());
        assertEquals(new Taint(0), facts.taint());
        assertTrue(facts.lockdown().isEmpty());
        assertFalse(facts.secureBoot() || facts.modulesDisabled() || facts.confined());
    }

    @Test
    void taintIsReadAndComparedByItsLetters() throws Exception {
        // Documentation/admin-guide/tainted-kernels.rst: bits 12, 13 and, later, 9 and 7.
        file("proc/sys/kernel/tainted", "12288\n");
        Taint before = new HostKernelFacts(root).taint();
        assertFalse(before.broken() || before.remarkable());
        assertEquals("O (a module from outside its tree), E (an unsigned module)", before.words());
        file("proc/sys/kernel/tainted", "12928\n");
        Taint fresh = new HostKernelFacts(root).taint().since(before);
        assertTrue(fresh.broken() && fresh.remarkable());
        assertEquals("D (it oopsed), W (it printed a warning)", fresh.words());
        assertEquals("not tainted", new Taint(0).words());
        assertEquals("L (a processor was locked up)", new Taint(1L << 14).words());
    }
}
