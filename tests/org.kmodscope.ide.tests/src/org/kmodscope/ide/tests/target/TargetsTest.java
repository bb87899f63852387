/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.Boards;
import org.kmodscope.core.target.LocalBridge;
import org.kmodscope.core.target.PrivilegedLoader;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.target.TargetKernel;
import org.kmodscope.ide.target.TargetName;
import org.kmodscope.ide.target.TargetOption;
import org.osgi.framework.FrameworkUtil;

/** All kinds of targets are there in the IDE, by name and as services. */
class TargetsTest {

    private static final Board PI = Board.at("root@pi:2222").withKernel("debian-6.1");

    static Stream<TargetSpec> targets() {
        return Stream.of(
                new TargetSpec.Qemu("debian-6.1"),
                new TargetSpec.Uml(),
                new TargetSpec.Local(),
                new TargetSpec.Ssh(PI),
                new TargetSpec.Recorded(Path.of("/tmp/a b.recording"), true));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void eachIsOpenedBySomethingThatIsInstalled(TargetSpec spec) throws Exception {
        assertTrue(DriverTools.installed().target(spec).accepts(spec));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void eachIsFoundAgainByItsName(TargetSpec spec) throws Exception {
        assertEquals(spec, TargetName.parse(TargetName.of(spec), new Boards(List.of(PI))));
    }

    @Test
    void aBoardThatNobodyDescribesIsNoTarget() {
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> TargetName.parse("ssh:gone", new Boards(List.of(PI))));
        assertEquals(KmodscopeException.Kind.USAGE, failure.kind());
    }

    @Test
    void labsAreOfferedFirstAndThisMachineLast() throws Exception {
        List<TargetSpec> offered = offered();
        assertTrue(offered.getFirst().startsAlone(), offered::toString);
        assertEquals(new TargetSpec.Local(), offered.getLast());
        List<TargetSpec> boards =
                DriverTools.installed().boards().read().list().stream()
                        .<TargetSpec>map(TargetSpec.Ssh::new)
                        .toList();
        assertTrue(offered.containsAll(boards));
    }

    @Test
    void aKernelOfTheUsersOwnIsOfferedWhileItCanBoot(@TempDir Path tree) throws Exception {
        Path makefile = Files.writeString(tree.resolve("Makefile"), "");
        Path release = Files.createDirectories(tree.resolve("include/config"));
        Files.writeString(release.resolve("kernel.release"), "6.6.6\n");
        Path image = Files.createFile(tree.resolve("vmlinux"));
        String id = tree.toRealPath().toString();
        KernelStore kernels = DriverTools.installed().kernels();
        kernels.add(tree);
        try {
            assertTrue(offered().contains(new TargetSpec.Qemu(id)));
            Files.delete(image);
            assertFalse(offered().contains(new TargetSpec.Qemu(id)), "it has no image");
            Files.createFile(image);
            Files.delete(makefile);
            assertFalse(offered().contains(new TargetSpec.Qemu(id)), "it is no kernel any more");
        } finally {
            kernels.remove(id);
        }
    }

    private static List<TargetSpec> offered() throws KmodscopeException {
        return TargetOption.list(DriverTools.installed()).stream().map(TargetOption::spec).toList();
    }

    @Test
    void modulesForABoardNeedItsKernel() {
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () ->
                                TargetKernel.require(
                                        DriverTools.installed().kernels(),
                                        new TargetSpec.Ssh(Board.at("pi")),
                                        new NullProgressMonitor()));
        assertTrue(String.valueOf(failure.getMessage()).contains("pi"), failure::toString);
    }

    @Test
    void theBridgeOfThisProcessAndTheHelperAreServices() {
        for (Class<?> service : List.of(LocalBridge.class, PrivilegedLoader.class)) {
            var context = FrameworkUtil.getBundle(DriverTools.class).getBundleContext();
            var reference = context.getServiceReference(service);
            assertNotNull(reference, service.getName());
            assertNotNull(context.getService(reference), service.getName());
        }
    }
}
