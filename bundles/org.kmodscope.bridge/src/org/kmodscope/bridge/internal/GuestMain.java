/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.bridge.Armed;
import org.kmodscope.bridge.Bridge;
import org.kmodscope.bridge.Running;
import org.kmodscope.bridge.TransferStatistics;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventRing;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;

/**
 * The bridge as a program: watches one device, writes its events to a file, and ends when its
 * standard input or the device does. What it says and how it ends is in {@link
 * org.kmodscope.core.target.GuestBridge}.
 */
public final class GuestMain {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InputStream input;
    private final PrintStream output;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<@Nullable KmodscopeException> failure = new AtomicReference<>();

    private GuestMain(InputStream input, PrintStream output) {
        this.input = input;
        this.output = output;
    }

    /** Runs until the standard input ends; exits with 0, or 1 after one line that says why. */
    public static void main(String[] arguments) {
        int status = 1;
        try {
            new GuestMain(System.in, System.out).run(GuestOptions.parse(List.of(arguments)));
            status = 0;
        } catch (KmodscopeException e) {
            System.err.println(e.getMessage() + " " + e.remedy());
        } catch (IOException e) {
            System.err.println("The port cannot be written: " + e + ".");
        } catch (InterruptedException e) {
            System.err.println("The bridge was interrupted.");
        } catch (RuntimeException | Error e) {
            System.err.println("The bridge broke, which is a defect of kmodscope: " + e);
        }
        System.exit(status);
    }

    /** The command line that {@link #main} understands as this. */
    public static List<String> arguments(String port, ArmRequest request) {
        return GuestOptions.format(port, request);
    }

    private void run(GuestOptions options)
            throws KmodscopeException, InterruptedException, IOException {
        try (FileChannel port = FileChannel.open(options.port(), StandardOpenOption.WRITE);
                Armed armed = Bridge.open().arm(options.request())) {
            PortWriter writer = new PortWriter(new EventRing(), port, over::countDown);
            try (Running running = armed.start(writer)) {
                say("armed");
                running.ended().thenRun(over::countDown);
                Thread.ofPlatform().daemon().name("kmodscope guest input").start(this::awaitInput);
                over.await();
                if (running.stop().statistics() instanceof TransferStatistics done
                        && heldByKernel(options.request().model())) {
                    tellLeftovers(done.outstanding());
                }
            }
            long records = writer.finish(PATIENCE);
            KmodscopeException why = failure.get();
            if (why != null) {
                throw why;
            }
            say("ended " + records);
        }
    }

    private void say(String line) {
        output.println(line);
        output.flush();
    }

    /** The exit of a process waits for the kernel's own requests, and for no others. */
    private static boolean heldByKernel(IoModel model) {
        return model instanceof IoModel.KernelAio || model instanceof IoModel.Turns;
    }

    private void tellLeftovers(long count) {
        if (count > 0) {
            say("held " + count);
        }
    }

    /** Whoever started this lets go of it by ending its input. */
    private void awaitInput() {
        try (OutputStream nowhere = OutputStream.nullOutputStream()) {
            input.transferTo(nowhere);
        } catch (IOException e) {
            failure.set(
                    new KmodscopeException(
                            Kind.LAB, "The standard input broke: " + e + ".", "Start again.", e));
        } finally {
            over.countDown();
        }
    }
}
