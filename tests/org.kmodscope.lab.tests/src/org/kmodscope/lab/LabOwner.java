/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.util.concurrent.CountDownLatch;
import org.kmodscope.core.target.TargetSession;

/** A process that owns a lab, to be killed. */
final class LabOwner {

    private LabOwner() {}

    /** Opens a lab, says {@code up}, and waits for its end. */
    public static void main(String[] arguments) throws Exception {
        try (TargetSession session = new Workshop().open()) {
            System.out.println("up");
            new CountDownLatch(1).await();
            throw new IllegalStateException(session.toString());
        }
    }
}
