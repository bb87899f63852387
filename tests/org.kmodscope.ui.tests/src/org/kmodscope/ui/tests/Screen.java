/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.junit.jupiter.api.Assertions;

/** What a test does with the screen: wait for it, find things on it, keep a picture of it. */
public final class Screen {

    private static final Path PICTURES = Path.of("target", "pictures");

    private Screen() {}

    /**
     * Lets the user interface work until something holds. UI thread.
     *
     * @param what for the message when it does not hold in time
     */
    public static void await(String what, Duration limit, Callable<Boolean> condition)
            throws Exception {
        Display display = Display.getCurrent();
        long end = System.nanoTime() + limit.toNanos();
        // Sleeping displays wake up for events only, and a condition need not come with one.
        Runnable[] tick = new Runnable[1];
        boolean[] over = new boolean[1];
        tick[0] =
                () -> {
                    if (!over[0]) {
                        display.timerExec(20, tick[0]);
                    }
                };
        display.timerExec(20, tick[0]);
        try {
            while (!condition.call()) {
                if (System.nanoTime() > end) {
                    fail("Not within " + limit.toSeconds() + " s: " + what);
                }
                if (!display.readAndDispatch()) {
                    display.sleep();
                }
            }
        } finally {
            over[0] = true;
        }
    }

    /** Handles what is waiting, so that what was laid out is painted. */
    public static void settle() {
        Display display = Display.getCurrent();
        while (display.readAndDispatch()) {
            continue;
        }
    }

    /** All controls below one, of one class, that are as asked. */
    public static <T extends Control> Stream<T> find(
            Composite top, Class<T> type, Predicate<T> wanted) {
        return Stream.of(top.getChildren())
                .flatMap(
                        child ->
                                Stream.concat(
                                        type.isInstance(child) && wanted.test(type.cast(child))
                                                ? Stream.of(type.cast(child))
                                                : Stream.empty(),
                                        child instanceof Composite below
                                                ? find(below, type, wanted)
                                                : Stream.empty()));
    }

    /** Writes a picture of a window or a part of it to target/pictures and returns its pixels. */
    public static ImageData picture(Control control, String name) throws IOException {
        settle();
        var size = control instanceof Shell shell ? shell.getClientArea() : control.getBounds();
        Assertions.assertTrue(size.width > 0 && size.height > 0, name + " has no size");
        Image image = new Image(control.getDisplay(), size.width, size.height);
        GC gc = new GC(control);
        try {
            gc.copyArea(image, 0, 0);
            ImageData data = image.getImageData();
            ImageLoader loader = new ImageLoader();
            loader.data = new ImageData[] {data};
            Files.createDirectories(PICTURES);
            loader.save(PICTURES.resolve(name + ".png").toString(), SWT.IMAGE_PNG);
            return data;
        } finally {
            gc.dispose();
            image.dispose();
        }
    }

    /** How many different colours a picture has: an unpainted one has one or two. */
    public static long colours(ImageData picture) {
        int[] line = new int[picture.width];
        var seen = new BitSet(1 << 24);
        for (int y = 0; y < picture.height; y++) {
            picture.getPixels(0, y, picture.width, line, 0);
            for (int pixel : line) {
                seen.set(pixel & 0xffffff);
            }
        }
        return seen.cardinality();
    }
}
