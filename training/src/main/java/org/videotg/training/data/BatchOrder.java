package org.videotg.training.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.videotg.core.run.Draw;
import org.videotg.training.data.TrainingData.Example;

/** The order of training: each step's samples, epoch after epoch in a seeded order, as a pure function of the step. */
public final class BatchOrder {
    private final TrainingData data;
    private final int prompts;
    private final long seed;
    private long epoch = -1;
    private List<Example> order = List.of();

    /** @param prompts number of samples per step */
    public BatchOrder(TrainingData data, int prompts, long seed) {
        this.data = data;
        this.prompts = prompts;
        this.seed = seed;
    }

    /** Returns the examples of a step, counted from 0; a step may span the end of an epoch. */
    public List<Example> examples(long step) {
        List<Example> examples = new ArrayList<>(prompts);
        Map<String, Integer> times = new HashMap<>();
        int size = data.examples().size();
        for (long i = step * prompts; i < (step + 1) * prompts; i++) {
            Example example = shuffled(i / size).get((int) (i % size));
            examples.add(example.withRepeat(times.merge(example.sample().id(), 1, Integer::sum) - 1));
        }
        return examples;
    }

    /**
     * Returns the examples that may replace those of a step: all that the step does not have, in a seeded order of that
     * step. The order of the epochs does not depend on them.
     */
    public List<Example> replacements(long step) {
        Set<String> taken =
                examples(step).stream().map(example -> example.sample().id()).collect(Collectors.toSet());
        return ordered("replacement-order", step).stream()
                .filter(example -> !taken.contains(example.sample().id()))
                .toList();
    }

    private List<Example> shuffled(long wanted) {
        if (epoch != wanted) {
            epoch = wanted;
            order = ordered("epoch-order", wanted);
        }
        return order;
    }

    private record Ranked(long rank, Example example) {}

    private List<Example> ordered(String purpose, long number) {
        return data.examples().stream()
                .map(example -> new Ranked(
                        Draw.bits(
                                seed, purpose, number, Draw.key(example.sample().id())),
                        example))
                .sorted(Comparator.comparingLong(Ranked::rank)
                        .thenComparing(ranked -> ranked.example().sample().id()))
                .map(Ranked::example)
                .toList();
    }
}
