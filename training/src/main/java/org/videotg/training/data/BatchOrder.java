package org.videotg.training.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.run.Draw;
import org.videotg.training.data.TrainingData.Row;

/** Which samples a step takes: epoch after epoch in a seeded order, a pure function of the step. */
public final class BatchOrder {
    private final TrainingData data;
    private final int prompts;
    private final long seed;
    private long epoch = -1;
    private List<Row> order = List.of();

    /** @param prompts of one step */
    public BatchOrder(TrainingData data, int prompts, long seed) {
        this.data = data;
        this.prompts = prompts;
        this.seed = seed;
    }

    /** The rows of a step, counted from 0; a step at an epoch's end goes on with the next epoch. */
    public List<Row> rows(long step) {
        List<Row> rows = new ArrayList<>(prompts);
        Map<String, Integer> times = new HashMap<>();
        int size = data.rows().size();
        for (long at = step * prompts; at < (step + 1) * prompts; at++) {
            Row row = orderOf(at / size).get((int) (at % size));
            rows.add(row.again(times.merge(row.sample().id(), 1, Integer::sum) - 1));
        }
        return rows;
    }

    private List<Row> orderOf(long wanted) {
        if (epoch != wanted) {
            epoch = wanted;
            order = data.rows().stream()
                    .sorted(Comparator.comparingLong((Row row) -> Draw.bits(
                                    seed,
                                    "epoch-order",
                                    wanted,
                                    Draw.key(row.sample().id())))
                            .thenComparing(row -> row.sample().id()))
                    .toList();
        }
        return order;
    }
}
