/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.UmlTarget;

/**
 * The fault walk finds what it is for, at every run: it counts what the driver asks for and nothing
 * else. Not run where the debug kernel was not built.
 */
@Timeout(300)
class FaultWalkTest {

    private static final NullProgressMonitor MONITOR = new NullProgressMonitor();

    private static final String MODULE =
            """
            // SPDX-License-Identifier: GPL-2.0
            #include <linux/fs.h>
            #include <linux/gfp.h>
            #include <linux/miscdevice.h>
            #include <linux/module.h>
            #include <linux/slab.h>
            #include <linux/uaccess.h>
            #include <linux/uio.h>
            #include <linux/wait.h>

            #define NUMBER MKDEV(240, 0)

            static DECLARE_WAIT_QUEUE_HEAD(never);

            static noinline void from_slab(bool checked)
            {
            	char *p = kmalloc(40, GFP_KERNEL);

            	if (!p && checked)
            		return;
            	*(volatile char *)p = 1;
            	kfree(p);
            }

            static noinline void from_pages(bool checked)
            {
            	unsigned long page = __get_free_page(GFP_KERNEL);

            	if (!page && checked)
            		return;
            	*(volatile char *)page = 1;
            	free_page(page);
            }

            static int seeded_open(struct inode *inode, struct file *file)
            {
            	int i;

            	for (i = 0; i < 5; i++) {
            		from_slab(i != 4 || !IN_OPEN);
            		from_pages(i != 2 || !IN_OPEN_PAGES);
            	}
            	if (IN_OPEN_WAITS) {
            		void *p = kmalloc(40, GFP_KERNEL);

            		if (!p)
            			wait_event_killable(never, false);
            		kfree(p);
            	}
            	return 0;
            }

            static long seeded_ioctl(struct file *file, unsigned int number, unsigned long arg)
            {
            	if (number != 0x6b00)
            		return -ENOTTY;
            	from_slab(!IN_IOCTL);
            	return 0;
            }

            static ssize_t seeded_write(struct kiocb *iocb, struct iov_iter *from)
            {
            	char data[8] = "";
            	size_t copied = copy_from_iter(data, sizeof(data), from);

            	if (IN_WRITE)
            		BUG_ON(!copied);
            	return copied ?: -EFAULT;
            }

            static const struct file_operations seeded_fops = {
            	.owner = THIS_MODULE,
            	.open = seeded_open,
            	.unlocked_ioctl = seeded_ioctl,
            	.write_iter = seeded_write,
            };

            static struct miscdevice seeded = {
            	.minor = MISC_DYNAMIC_MINOR,
            	.name = "seeded",
            	.fops = &seeded_fops,
            };

            static int __init seeded_init(void)
            {
            	int error;

            	from_slab(!IN_INIT);
            	if (INIT_LEAVES) {
            		error = register_chrdev_region(NUMBER, 1, "seeded");
            		if (error)
            			return error;
            	}
            	error = misc_register(&seeded);
            	if (error)
            		return error;
            	return 0;
            }
            module_init(seeded_init);

            static void __exit seeded_exit(void)
            {
            	misc_deregister(&seeded);
            	if (INIT_LEAVES)
            		unregister_chrdev_region(NUMBER, 1);
            }
            module_exit(seeded_exit);

            MODULE_DESCRIPTION("Forgets in one place that a thing can fail");
            MODULE_LICENSE("GPL");
            """;

    private static final List<String> PLACES =
            List.of(
                    "IN_INIT",
                    "INIT_LEAVES",
                    "IN_OPEN_PAGES",
                    "IN_OPEN_WAITS",
                    "IN_OPEN",
                    "IN_IOCTL",
                    "IN_WRITE");

    @TempDir Path work;

    private final CacheDirectory cache = CacheDirectory.of(System.getenv());
    private final KernelStore kernels = new DebianKernelStore(cache, System.getenv());
    private Optional<Kernel> kernel = Optional.empty();

    FaultWalkTest() throws KmodscopeException {}

    @BeforeEach
    void kernelIsThere() throws Exception {
        kernel = kernels.find(TargetSpec.Uml.KERNEL_ID);
        assumeTrue(kernel.isPresent(), "build it first: kmodscope kernels --fetch uml-debug");
    }

    private Path build(String place) throws Exception {
        String source = MODULE;
        for (String each : PLACES) {
            source = source.replaceAll("\\b" + each + "\\b", each.equals(place) ? "1" : "0");
        }
        Files.writeString(work.resolve("seeded.c"), source);
        Files.writeString(work.resolve("Makefile"), "obj-m := seeded.o\n");
        Captured made =
                HostCommand.of(
                                "make",
                                "-C",
                                kernel.orElseThrow().headers().toString(),
                                "M=" + work,
                                "KCFLAGS=-g",
                                "modules")
                        .merged()
                        .capture(MONITOR);
        assertEquals(0, made.exit(), made::words);
        return work.resolve("seeded.ko");
    }

    private TargetSession open() throws Exception {
        return new UmlTarget(cache, kernels, Optional.empty()).open(new TargetSpec.Uml(), MONITOR);
    }

    /** The lines of a walk through one call; fails as the lab does when the driver ends it. */
    private static List<String> walk(TargetSession session, String... call) throws Exception {
        List<String> lines = new ArrayList<>();
        List<String> argv = new ArrayList<>(List.of("kmodscope-faults"));
        argv.addAll(List.of(call));
        OutputLines output = new OutputLines(lines::add, lines::add);
        try (RemoteCommand command = session.start(argv, output)) {
            assertEquals(0, command.waitFor(MONITOR), lines::toString);
            output.end();
        }
        return lines;
    }

    @ParameterizedTest
    @CsvSource({
        "IN_INIT, insmod, seeded_init",
        "IN_OPEN, open, seeded_open",
        "IN_OPEN_PAGES, open, seeded_open",
        "IN_WRITE, write, seeded_write",
        "IN_IOCTL, ioctl, seeded_ioctl"
    })
    void oneThatIsForgottenIsFound(String place, String call, String function) throws Exception {
        Path module = build(place);
        try (TargetSession session = open()) {
            TargetEnd end = new TargetEnd.Closed();
            try {
                String remote = "/tmp/seeded.ko";
                session.put(module, remote, 0600);
                if (call.equals("insmod")) {
                    walk(session, call, remote);
                } else {
                    session.load(module, List.of());
                    walk(session, call, "/dev/seeded", "0x6b00");
                }
            } catch (KmodscopeException death) {
                end = session.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
            }
            assertTrue(
                    end instanceof TargetEnd.Panicked panic && panic.log().contains(function),
                    end::toString);
        }
    }

    @Test
    void allThatTheDriverAsksForIsMadeToFailAndNothingElse() throws Exception {
        Path module = build("nowhere");
        try (TargetSession session = open()) {
            session.load(module, List.of());
            List<String> opened = walk(session, "open", "/dev/seeded");
            // Five of each; kmemleak's own record of an allocation is one, too.
            assertTrue(opened.contains("fault open slab 5 ok"), opened::toString);
            assertTrue(opened.contains("fault open pages 5 ok"), opened::toString);
            assertTrue(opened.contains("end open copy 0"), opened::toString);
            assertTrue(opened.size() < 100, opened::toString);
            List<String> written = walk(session, "write", "/dev/seeded");
            assertTrue(written.contains("fault write copy 1 ok"), written::toString);
            session.unload("seeded");
        }
    }

    @Test
    void aCallThatDoesNotReturnAndALoadThatLeavesSomethingAreNamed() throws Exception {
        Path module = build("IN_OPEN_WAITS");
        try (TargetSession session = open()) {
            session.load(module, List.of());
            List<String> opened = walk(session, "open", "/dev/seeded");
            assertTrue(
                    opened.stream().anyMatch(line -> line.matches("fault open slab \\d+ hang")),
                    opened::toString);
            session.unload("seeded");

            String remote = "/tmp/seeded.ko";
            session.put(build("INIT_LEAVES"), remote, 0600);
            List<String> loaded = walk(session, "insmod", remote);
            assertTrue(
                    loaded.stream()
                            .anyMatch(line -> line.matches("fault insmod slab \\d+ left 16")),
                    loaded::toString);
        }
    }
}
