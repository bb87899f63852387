/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;

/** What a kernel says, cut into the time of each driver by marks that are written into it. */
final class KernelLog implements AutoCloseable {

    private static final Pattern COMPLAINT =
            Pattern.compile(
                    "WARNING|BUG|Oops|Call Trace|general protection|blocked for more than"
                            + "|lockup|refcount_t|use-after-free|cut here|UBSAN|ODEBUG");

    private final TargetSession session;
    private final TargetSession.Subscription subscription;
    private final List<String> lines = new ArrayList<>();
    private String awaited = "";
    private CountDownLatch arrived = new CountDownLatch(1);

    KernelLog(TargetSession session) {
        this.session = session;
        this.subscription = session.onKernelLog(this::take);
    }

    private synchronized void take(KernelLogLine line) {
        lines.add(line.text());
        if (line.text().equals(awaited)) {
            arrived.countDown();
        }
    }

    /** The complaints since the last call, once all that was said until now has arrived. */
    List<String> complaints(String mark) throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        synchronized (this) {
            awaited = "proof: " + mark;
            arrived = latch;
        }
        OutputLines unheard = new OutputLines(line -> {}, line -> {});
        try (RemoteCommand tee = session.start(List.of("tee", "/dev/kmsg"), unheard)) {
            tee.write(("proof: " + mark + "\n").getBytes(StandardCharsets.UTF_8));
            tee.closeInput();
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the mark does not come: " + lines);
            }
        }
        synchronized (this) {
            List<String> found =
                    lines.stream().filter(line -> COMPLAINT.matcher(line).find()).toList();
            lines.clear();
            return found;
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
