/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.core.runtime.jobs.JobGroup;
import org.kmodscope.ide.scope.ScopeState.Step;

/** The jobs of one controller: operations run one after the other, stimuli beside them. */
final class ScopeJobs {

    private final JobGroup operations = new JobGroup("Async Scope", 1, 0);
    private final JobGroup stimuli = new JobGroup("Async Scope stimulus", 1, 0);
    private final Situation situation;

    /**
     * @param situation hears what is being done, and how it ended
     */
    ScopeJobs(Situation situation) {
        this.situation = situation;
    }

    Job operate(String name, Step first, ScopeJob.Work work) {
        ScopeJob.Work told =
                monitor -> {
                    situation.begin(first);
                    try {
                        work.run(monitor);
                    } finally {
                        situation.end();
                    }
                };
        return schedule(
                operations, new ScopeJob(name, told, situation::failed, situation::cancelled));
    }

    Job stimulate(String name, ScopeJob.Work work) {
        return schedule(stimuli, new ScopeJob(name, work, situation::failed));
    }

    private static Job schedule(JobGroup group, ScopeJob job) {
        job.setJobGroup(group);
        job.schedule();
        return job;
    }

    /** Cancels the stimuli that are being written or wait for their turn; none is success. */
    void endStimuli() {
        stimuli.getActiveJobs().forEach(Job::cancel);
    }

    /** Cancels what is being done; nothing is success. */
    void cancel() {
        operations.getActiveJobs().forEach(Job::cancel);
    }

    /** Waits until nothing is being done any more. */
    void join(IProgressMonitor monitor) throws InterruptedException {
        stimuli.join(0, monitor);
        operations.join(0, monitor);
    }
}
