package org.videotg.method.selection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionPolicy.Outcome;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.reflection.ReviewDecision;

/**
 * Curation as a whole: goes through the samples in a seeded order, reflects on each, estimates the difficulty of those
 * that pass, and stops when the selection is full. Samples it never reaches cost nothing.
 */
public final class CurationPipeline {
    private final AgentRun<ReflectionVerdict> reflections;
    private final AgentRun<DifficultyVerdict> difficulties;
    private final SelectionSettings settings;
    private final Map<String, ReviewDecision.Choice> decisions;

    /**
     * Makes a pipeline over the runs of both agents, which may have verdicts already.
     *
     * @param decisions of people by sample id
     */
    public CurationPipeline(
            AgentRun<ReflectionVerdict> reflections,
            AgentRun<DifficultyVerdict> difficulties,
            SelectionSettings settings,
            Map<String, ReviewDecision.Choice> decisions) {
        this.reflections = reflections;
        this.difficulties = difficulties;
        this.settings = settings;
        this.decisions = Map.copyOf(decisions);
    }

    /**
     * The result of curation.
     *
     * @param selection the samples; its report's pool counts the samples that this run visited
     * @param reflection all verdicts in the agent's file with all they cost, even beyond the pool
     * @param difficulty likewise
     */
    public record Result(Selection selection, AgentRun.Summary reflection, AgentRun.Summary difficulty) {}

    /** Curates the data set; {@code progress} counts eligible samples. */
    public Result run(List<Sample> data, Progress progress) {
        Selector selector = new Selector(settings, decisions);
        Map<String, ReflectionVerdict> reflected = new LinkedHashMap<>();
        Map<String, DifficultyVerdict> rated = new LinkedHashMap<>();
        int wanted = settings.poolWanted(data.size());
        int eligible = 0;
        for (Sample sample : Selector.shuffled(data, settings.seed())) {
            if (eligible >= wanted) {
                break;
            }
            boolean stored = reflections.has(sample);
            ReflectionVerdict reflection = reflections.judge(sample);
            reflected.put(sample.id(), reflection);
            Outcome outcome = selector.outcome(sample, reflection);
            if (outcome.sample().isEmpty()) {
                continue;
            }
            stored &= difficulties.has(sample);
            DifficultyVerdict difficulty = difficulties.judge(sample);
            rated.put(sample.id(), difficulty);
            if (!difficulty.failed()
                    && selector.candidate(sample, outcome, reflection, difficulty)
                            .eligible()) {
                eligible++;
                if (stored) {
                    progress.skip();
                } else {
                    progress.step(reflected.size() + " looked at");
                }
            }
        }
        progress.finish(reflected.size() + " looked at");
        return new Result(selector.select(data, reflected, rated), reflections.summary(), difficulties.summary());
    }
}
