/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.kmodscope.lab.DebugBench.assertAtLine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.splat.Splat;
import org.kmodscope.core.target.TargetSpec;

/**
 * The debug lab in QEMU finds what takes two processors to go wrong. Not run where its kernel was
 * not built.
 */
@Tag("qemu-debug")
@Timeout(1200)
class QemuDebugLabTest {

    /** On one processor neither is a bug: nobody is moved, and there is no other to free it. */
    private static final String MODULE =
            """
            // SPDX-License-Identifier: GPL-2.0
            #include <linux/cpumask.h>
            #include <linux/module.h>
            #include <linux/slab.h>
            #include <linux/smp.h>

            static noinline int moved(void)
            {
            	int here = smp_processor_id();

            	return here + 1;
            }

            static noinline void elsewhere(void *object)
            {
            	kfree(object);
            }

            static noinline void freed(void)
            {
            	char *p = kmalloc(40, GFP_KERNEL);
            	int other = cpumask_any_but(cpu_online_mask, get_cpu());

            	if (p && other < nr_cpu_ids) {
            		smp_call_function_single(other, elsewhere, p, true);
            		*(volatile char *)p = 1;
            	}
            	put_cpu();
            }

            static int __init seeded_init(void)
            {
            	pr_info("seeded: on processor %d\\n", moved() - 1);
            	freed();
            	return 0;
            }
            module_init(seeded_init);

            static void __exit seeded_exit(void)
            {
            }
            module_exit(seeded_exit);

            MODULE_DESCRIPTION("A module with seeded bugs");
            MODULE_LICENSE("GPL");
            """;

    private static final int LINE_OF_PROCESSOR = 9;
    private static final int LINE_OF_USE = 26;

    @TempDir Path work;

    @Test
    void whatOneProcessorDoesToAnotherIsAtItsLine() throws Exception {
        String id = TargetSpec.Qemu.DEBUG_KERNEL_ID;
        Optional<DebugBench> bench = DebugBench.find(work, id);
        assumeTrue(bench.isPresent(), "build it first: kmodscope kernels --fetch " + id);
        DebugReport report = bench.get().run(MODULE, DebugPlan.Depth.PROBES);
        List<Finding> found = report.findings();
        assertEquals(
                List.of(Splat.Kind.ATOMIC_SLEEP, Splat.Kind.KASAN),
                found.stream().map(each -> each.splat().kind()).toList(),
                report::toString);
        assertTrue(found.getFirst().splat().title().contains("smp_processor_id()"));
        assertAtLine(LINE_OF_PROCESSOR, found.getFirst());
        assertAtLine(LINE_OF_USE, found.getLast());
        assertTrue(found.getLast().splat().text().toString().contains("Freed by task"));
    }
}
