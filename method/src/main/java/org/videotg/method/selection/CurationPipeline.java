package org.videotg.method.selection;

import java.util.List;
import java.util.Optional;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * Curation as a whole: goes through the samples in a seeded order, asks about each what the selection needs, and stops
 * when there are as many candidates as the strategy wants. Samples it never reaches cost nothing; verdicts that exist
 * are used again, whichever selection they were made for.
 */
public final class CurationPipeline {
    private final Selector selector;
    private final Optional<AgentRun<ReflectionVerdict>> reflections;
    private final Optional<AgentRun<DifficultyVerdict>> difficulties;

    /** Makes a pipeline over the runs of the agents that the selection needs; they may have verdicts already. */
    public CurationPipeline(
            Selector selector,
            Optional<AgentRun<ReflectionVerdict>> reflections,
            Optional<AgentRun<DifficultyVerdict>> difficulties) {
        this.selector = selector;
        this.reflections = reflections;
        this.difficulties = difficulties;
    }

    /** Curates the data set; {@code progress} counts candidates. */
    public Selection run(List<Sample> data, Progress progress) {
        Asking asking = new Asking(progress);
        Selection selection = selector.select(data, asking, selector.settings().poolWanted(data.size()));
        progress.finish(asking.note());
        return selection;
    }

    /** Verdicts of agents, which are asked where there is none. */
    private final class Asking implements Selector.Verdicts {
        private final Progress progress;
        private int lookedAt;
        private boolean asked;

        Asking(Progress progress) {
            this.progress = progress;
        }

        @Override
        public Optional<ReflectionVerdict> reflection(Sample sample) {
            return judge(reflections, sample);
        }

        @Override
        public Optional<DifficultyVerdict> difficulty(Sample sample) {
            return judge(difficulties, sample);
        }

        private <V extends Verdict> Optional<V> judge(Optional<AgentRun<V>> run, Sample sample) {
            asked |= !run.orElseThrow().has(sample);
            return Optional.of(run.orElseThrow().judge(sample));
        }

        @Override
        public void lookedAt(boolean candidate) {
            lookedAt++;
            if (candidate && asked) {
                progress.step(note());
            } else if (candidate) {
                progress.skip();
            }
            asked = false;
        }

        String note() {
            return lookedAt + " looked at";
        }
    }
}
