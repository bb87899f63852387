/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * The last runs of this workbench, newest first, and what runs now. An OSGi service; tests make
 * their own. Safe to use from several threads; listeners are called on the thread that changed it.
 */
public final class RunHistory {

    /** How many runs are kept: a few screens of the list, some megabytes at most. */
    public static final int MOST = 20;

    private final List<HistoryEntry> entries = new ArrayList<>();
    private final List<Activity> running = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** An empty one. */
    public RunHistory() {
        // Called by the component runtime, which wants it public.
    }

    /** Something that runs. */
    public interface Activity {

        /** What it is, in a few words. */
        String title();

        /**
         * What of it is under way, such as {@code the probe signal}; empty when nothing is known.
         */
        default String phase() {
            return "";
        }

        /** Has it end soon; does not wait for that. */
        void stop();
    }

    /**
     * The history of this workbench, for what the extension registry makes.
     *
     * @throws KmodscopeException MISSING while the component runtime has not made it
     */
    public static RunHistory installed() throws KmodscopeException {
        BundleContext context = FrameworkUtil.getBundle(RunHistory.class).getBundleContext();
        return Optional.ofNullable(context.getServiceReference(RunHistory.class))
                .flatMap(reference -> Optional.ofNullable(context.getService(reference)))
                .orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.MISSING,
                                        "The history of runs is not there.",
                                        "Start the workbench again."));
    }

    /** Keeps a run, and forgets the oldest when there are too many. */
    public void add(HistoryEntry entry) {
        synchronized (this) {
            entries.addFirst(entry);
            if (entries.size() > MOST) {
                entries.removeLast();
            }
        }
        changed();
    }

    /** What is kept, newest first. */
    public synchronized List<HistoryEntry> entries() {
        return List.copyOf(entries);
    }

    /** Tells that something runs, until {@link #ended}. */
    public void began(Activity activity) {
        synchronized (this) {
            running.add(activity);
        }
        changed();
    }

    /** Tells that something does not run any more. */
    public void ended(Activity activity) {
        synchronized (this) {
            running.remove(activity);
        }
        changed();
    }

    /** What runs, oldest first. */
    public synchronized List<Activity> running() {
        return List.copyOf(running);
    }

    /** Tells the listeners that an entry which is kept, or what runs, has changed. */
    public void changed() {
        listeners.forEach(Runnable::run);
    }

    /** Has a listener called after every change, until the result is closed. It must not block. */
    public Subscription listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Something that can be ended without failing. */
    public interface Subscription extends AutoCloseable {

        @Override
        void close();
    }

    /** What a probe said when it ran the last time before this on the same driver and kernel. */
    synchronized Optional<ProbeReport> before(RunRecord run, String probe) {
        int at = entries.indexOf(run);
        return entries.subList(at + 1, entries.size()).stream()
                .filter(RunRecord.class::isInstance)
                .map(RunRecord.class::cast)
                .filter(other -> other.project().equals(run.project()))
                .filter(other -> other.launch().target().equals(run.launch().target()))
                .flatMap(other -> other.probes().stream())
                .map(ProbeRun.Result::report)
                .filter(report -> report.name().equals(probe))
                .findFirst();
    }
}
