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
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.bridge.ArmedDevice;
import org.kmodscope.bridge.SigioBridge;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventRing;
import org.kmodscope.core.target.ArmRequest;

/**
 * The bridge as a program: watches one device, writes its events to a file, and ends when its
 * standard input does. What it says and how it ends is in {@link
 * org.kmodscope.core.target.GuestBridge}.
 *
 * <p>The main thread is the bridge's. A second one waits for the end of the input, a third one
 * writes.
 */
public final class GuestMain {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InputStream input;
    private final PrintStream output;
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
                SigioBridge bridge = SigioBridge.open();
                ArmedDevice device = bridge.arm(options.request())) {
            PortWriter writer = new PortWriter(new EventRing(), port, bridge::stop);
            Thread.ofPlatform()
                    .daemon()
                    .name("kmodscope guest control")
                    .start(() -> control(bridge, device));
            bridge.run(writer);
            long records = writer.finish(PATIENCE);
            KmodscopeException why = failure.get();
            if (why != null) {
                throw why;
            }
            output.println("ended " + records);
            output.flush();
        }
    }

    private void control(SigioBridge bridge, ArmedDevice device) {
        try {
            device.awaitLive();
            output.println("armed");
            output.flush();
            try (OutputStream nowhere = OutputStream.nullOutputStream()) {
                input.transferTo(nowhere);
            }
        } catch (KmodscopeException e) {
            failure.set(e);
        } catch (IOException e) {
            failure.set(
                    new KmodscopeException(
                            Kind.LAB, "The standard input broke: " + e + ".", "Start again.", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            bridge.stop();
        }
    }
}
