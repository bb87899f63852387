/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSession.Armed;

/** A driver that waits where O_NONBLOCK forbids it is named, and holds up nothing else. */
@Timeout(300)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class StubbornDriverTest {

    private static final String DEVICE = "/dev/stubborn";

    private static final String SOURCE =
            """
            // SPDX-License-Identifier: GPL-2.0
            #include <linux/delay.h>
            #include <linux/fs.h>
            #include <linux/miscdevice.h>
            #include <linux/module.h>
            #include <linux/wait.h>

            static DECLARE_WAIT_QUEUE_HEAD(filled);
            static struct fasync_struct *listeners;
            static bool full;

            static int stubborn_fasync(int fd, struct file *file, int on)
            {
            	return fasync_helper(fd, file, on, &listeners);
            }

            static int stubborn_release(struct inode *inode, struct file *file)
            {
            	return stubborn_fasync(-1, file, 0);
            }

            static ssize_t stubborn_read(struct file *file, char __user *to, size_t size,
            			     loff_t *at)
            {
            	if (wait_event_interruptible(filled, full))
            		return -ERESTARTSYS;
            	full = false;
            	return 1;
            }

            static ssize_t stubborn_write(struct file *file, const char __user *from, size_t size,
            			      loff_t *at)
            {
            	if (size > 8)
            		msleep_interruptible(1000 * 1000);
            	full = true;
            	wake_up_interruptible(&filled);
            	kill_fasync(&listeners, SIGIO, POLL_IN);
            	return size;
            }

            static const struct file_operations stubborn_operations = {
            	.owner = THIS_MODULE,
            	.read = stubborn_read,
            	.write = stubborn_write,
            	.fasync = stubborn_fasync,
            	.release = stubborn_release,
            };

            static struct miscdevice stubborn = {
            	.minor = MISC_DYNAMIC_MINOR,
            	.name = "stubborn",
            	.fops = &stubborn_operations,
            };

            module_misc_device(stubborn);
            MODULE_DESCRIPTION("Waits although it was asked not to");
            MODULE_LICENSE("GPL");
            """;

    @TempDir Path work;

    private static void assertNamesTheFault(KmodscopeException failure, String call) {
        assertEquals(KmodscopeException.Kind.FAILED, failure.kind());
        String words = failure.getMessage();
        assertTrue(words.contains(call + "()") && words.contains("O_NONBLOCK"), words);
        assertTrue(failure.remedy().contains("-EAGAIN"), failure::remedy);
    }

    @Test
    void aReadAndAWriteThatDoNotReturnAreNamed() throws Exception {
        Workshop workshop = new Workshop();
        Path module = workshop.module(work.resolve("stubborn"), "stubborn", SOURCE);
        try (TargetSession session = workshop.open();
                Recorder recorder = new Recorder(session.events())) {
            session.load(module, List.of());
            Armed armed = session.arm(new ArmRequest(DEVICE, true, 16));
            session.stimulate(new Stimulus(DEVICE, 1, 4, 0), Workshop.MONITOR);
            // The first read takes what was written, the second one waits for ever.
            recorder.await(EventKind.READ_START, 2);
            assertEquals(0, Printed.by(session, "true").status());
            Armed other = session.arm(new ArmRequest(DEVICE, false, 0));
            assertTrue(other.stream() != armed.stream());
            assertNamesTheFault(assertThrows(KmodscopeException.class, armed::close), "read");

            assertWriteIsNamed(session, recorder);
            recorder.finish();
            assertFalse(recorder.of(EventKind.OVERFLOW).isEmpty(), "signals were not seen");
        }
    }

    private static void assertWriteIsNamed(TargetSession session, Recorder recorder)
            throws Exception {
        NullProgressMonitor monitor = new NullProgressMonitor();
        Thread canceller =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        recorder.await(EventKind.WRITE_START, 2);
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    } finally {
                                        monitor.setCanceled(true);
                                    }
                                });
        assertNamesTheFault(
                assertThrows(
                        KmodscopeException.class,
                        () -> session.stimulate(new Stimulus(DEVICE, 1, 16, 0), monitor)),
                "write");
        canceller.join();
    }
}
