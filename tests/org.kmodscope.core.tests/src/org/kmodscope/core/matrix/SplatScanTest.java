/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplatScanTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WARNING: CPU: 0 PID: 77 at lib/refcount.c:28 refcount_warn_saturate+0xba/0x110",
                "WARNING: possible circular locking dependency detected",
                "BUG: KASAN: slab-use-after-free in fifo_work+0x1d/0x40 [fifo]",
                "BUG: sleeping function called from invalid context at mm/slab.h:494",
                "BUG: kernel NULL pointer dereference, address: 0000000000000008",
                "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [insmod:71]",
                "BUG fifo_request (Tainted: G           O      ): Objects remaining",
                "kernel BUG at fs/aio.c:1024!",
                "Oops: 0002 [#1] PREEMPT SMP NOPTI",
                "general protection fault, probably for non-canonical address 0xdead",
                "INFO: task rmmod:90 blocked for more than 120 seconds.",
                "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
                "UBSAN: shift-out-of-bounds in fifo_main.c:12:7",
                "ODEBUG: free active (active state 0) object type: timer_list"
            })
    void aComplaintIsFound(String line) {
        assertEquals(
                List.of(line), SplatScan.headlines(List.of("fifo: loaded", line, "Call Trace:")));
    }

    @Test
    void whatEveryModuleCausesIsNoComplaint() {
        assertEquals(
                List.of(),
                SplatScan.headlines(
                        List.of(
                                "fifo: loading out-of-tree module taints kernel.",
                                "fifo: module verification failed: signature and/or required key"
                                        + " missing - tainting kernel",
                                "fifo: debug: 3 warnings",
                                "Modules linked in: fifo(O)",
                                "---[ end trace 0000000000000000 ]---")));
    }
}
