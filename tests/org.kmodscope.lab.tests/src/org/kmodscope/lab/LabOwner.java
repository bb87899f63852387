/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetSession;

/** A process that owns a lab, to be killed, or to have an environment of its own. */
final class LabOwner {

    private LabOwner() {}

    /** The argument for a debug lab. */
    static final String DEBUG = "debug";

    /**
     * Opens a lab, says {@code up} and what there is to know of it, and waits for its end; or says
     * why there is none.
     */
    public static void main(String[] arguments) throws InterruptedException {
        boolean debug = List.of(arguments).contains(DEBUG);
        try (TargetSession session = debug ? new Workshop().openDebug() : new Workshop().open()) {
            System.out.println("up");
            System.out.println(session.info().note().orElse(""));
            new CountDownLatch(1).await();
            throw new IllegalStateException(session.toString());
        } catch (KmodscopeException e) {
            System.out.println(e.kind() + " " + e.getMessage() + " " + e.remedy());
        }
    }
}
