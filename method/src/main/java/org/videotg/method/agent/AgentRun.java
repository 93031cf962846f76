package org.videotg.method.agent;

import java.util.List;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;

/** One agent over all samples it is given. */
public final class AgentRun {
    private AgentRun() {}

    /** Judges every sample that has no verdict yet, in the order given. */
    public static <V extends Verdict> AgentSummary over(List<Sample> samples, VerdictLog<V> log, Progress progress) {
        for (Sample sample : samples) {
            if (log.has(sample)) {
                progress.skip();
            } else {
                log.judge(sample);
                progress.step(sample.id());
            }
        }
        AgentSummary summary = log.summary();
        progress.finish(summary.failed() == 0 ? "" : summary.failed() + " could not be judged");
        return summary;
    }
}
