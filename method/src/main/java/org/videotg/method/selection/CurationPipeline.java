package org.videotg.method.selection;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.videotg.core.run.InFlight;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * Curation as a whole: goes through the samples in a seeded order, asks about each what the selection needs, and stops
 * when there are as many candidates as the strategy wants. Samples it never reaches cost nothing; verdicts that exist
 * are used again, whichever selection they were made for. The selection is made from the shortest prefix of the order
 * that suffices, so that it does not depend on how many samples are in flight; verdicts on samples after that prefix
 * are kept.
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

    /**
     * Curates the data set.
     *
     * @param parallel samples in flight
     * @param progress counts candidates
     */
    public Selection run(List<Sample> data, int parallel, Progress progress) {
        int wanted = selector.settings().poolWanted(data.size());
        Pass pass = new Pass(selector.order(data).iterator(), wanted, progress);
        InFlight.forEach(parallel, pass, this::ask, pass::finished);
        progress.finish(pass.note());
        reflections.ifPresent(AgentRun::sort);
        difficulties.ifPresent(AgentRun::sort);
        return selector.select(
                data,
                new Selector.Verdicts() {
                    @Override
                    public Optional<ReflectionVerdict> reflection(Sample sample) {
                        return reflections.flatMap(run -> run.verdict(sample));
                    }

                    @Override
                    public Optional<DifficultyVerdict> difficulty(Sample sample) {
                        return difficulties.flatMap(run -> run.verdict(sample));
                    }
                },
                wanted);
    }

    /** What became of a sample that was asked about. */
    private record Finished(boolean candidate, boolean asked) {}

    private Finished ask(Sample sample) {
        Asking asking = new Asking();
        return new Finished(selector.isCandidate(sample, asking), asking.asked);
    }

    /** Verdicts of agents on one sample, which are asked where there is none. */
    private final class Asking implements Selector.Verdicts {
        private boolean asked;

        @Override
        public Optional<ReflectionVerdict> reflection(Sample sample) {
            return judge(reflections, sample);
        }

        @Override
        public Optional<DifficultyVerdict> difficulty(Sample sample) {
            return judge(difficulties, sample);
        }

        private <V extends Verdict> Optional<V> judge(Optional<AgentRun<V>> run, Sample sample) {
            asked |= run.orElseThrow().verdict(sample).isEmpty();
            return Optional.of(run.orElseThrow().judge(sample));
        }
    }

    /**
     * The samples in their order, until those that are finished hold enough candidates: the prefix that suffices has
     * then been begun as a whole.
     */
    private static final class Pass implements Iterator<Sample> {
        private final Iterator<Sample> order;
        private final int wanted;
        private final Progress progress;
        private int candidates;
        private int lookedAt;

        Pass(Iterator<Sample> order, int wanted, Progress progress) {
            this.order = order;
            this.wanted = wanted;
            this.progress = progress;
        }

        @Override
        public boolean hasNext() {
            return candidates < wanted && order.hasNext();
        }

        @Override
        public Sample next() {
            return order.next();
        }

        void finished(Finished sample) {
            lookedAt++;
            if (!sample.candidate()) {
                return;
            }
            candidates++;
            if (sample.asked()) {
                progress.step(note());
            } else {
                progress.skip();
            }
        }

        String note() {
            return lookedAt + " looked at";
        }
    }
}
