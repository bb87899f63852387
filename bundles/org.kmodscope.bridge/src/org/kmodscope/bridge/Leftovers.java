/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.KmodscopeException;

/**
 * Waits for requests that nobody could cancel, and frees then what they use: the kernel or the C
 * library may write to their buffers until they end. They end when their device does what they ask
 * for; with a driver without cancel function that may be never.
 *
 * <p>The thread is a daemon and is joined by nobody. That is its purpose: whoever closed the source
 * must not wait. (The exit of the process waits for the kernel's asynchronous requests all the
 * same; that is the kernel's rule.)
 */
final class Leftovers {

    private Leftovers() {}

    /**
     * @param engine freed when so many requests have ended, as is the device
     */
    static void awaitEnd(TransferEngine engine, Descriptor device, int count) {
        Thread.ofPlatform()
                .daemon()
                .name("kmodscope leftovers")
                .start(() -> run(engine, device, count));
    }

    private static void run(TransferEngine engine, Descriptor device, int count) {
        int left = count;
        try {
            while (left > 0) {
                int found = engine.await(TransferEngine.FOREVER);
                for (int i = 0; i < found; i++) {
                    left -= engine.slot(i) >= 0 ? 1 : 0;
                }
            }
        } catch (KmodscopeException e) {
            // What cannot be waited for must not be freed either: it stays as it is.
            return;
        }
        engine.free();
        device.close();
    }
}
