package org.videotg.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;

class BatchOrderTest {
    private static final TrainingData DATA = new TrainingData(IntStream.range(0, 7)
            .mapToObj(i -> new TrainingData.Example(
                    Sample.vtg("s" + i, "v.mp4", 1, "q", List.of()), VideoRef.whole(Path.of("v.mp4")), false, 0))
            .toList());

    private static List<String> ids(BatchOrder order, long step) {
        return order.examples(step).stream()
                .map(example -> example.sample().id())
                .toList();
    }

    @Test
    void everyEpochTakesEverySampleOnceInAnOrderOfItsOwn() {
        BatchOrder order = new BatchOrder(DATA, 3, 4);
        List<String> taken = new ArrayList<>();
        for (int step = 0; step < 7; step++) {
            taken.addAll(ids(order, step));
        }
        for (int epoch = 0; epoch < 3; epoch++) {
            assertEquals(7, new HashSet<>(taken.subList(7 * epoch, 7 * epoch + 7)).size());
        }
        assertNotEquals(taken.subList(0, 7), taken.subList(7, 14));
    }

    /** A sample that a step has twice would otherwise have the same rollouts twice. */
    @Test
    void aSampleThatComesBackInAStepKnowsIt() {
        List<TrainingData.Example> examples = new BatchOrder(DATA, 16, 4).examples(0);
        for (TrainingData.Example example : DATA.examples()) {
            List<Integer> repeats = examples.stream()
                    .filter(other -> other.sample().id().equals(example.sample().id()))
                    .map(TrainingData.Example::repeat)
                    .toList();
            assertEquals(IntStream.range(0, repeats.size()).boxed().toList(), repeats);
        }
    }

    @Test
    void aStepDoesNotDependOnTheStepsBeforeIt() {
        BatchOrder forwards = new BatchOrder(DATA, 3, 4);
        List<List<String>> all =
                IntStream.range(0, 9).mapToObj(step -> ids(forwards, step)).toList();
        assertEquals(all.get(5), ids(new BatchOrder(DATA, 3, 4), 5));
        assertNotEquals(all.get(5), ids(new BatchOrder(DATA, 3, 5), 5));
    }

    @Test
    void replacementsAreTheOtherSamplesInAnOrderOfTheStep() {
        BatchOrder order = new BatchOrder(DATA, 3, 4);
        List<List<String>> all = new ArrayList<>();
        for (int step = 0; step < 9; step++) {
            List<String> others = order.replacements(step).stream()
                    .map(example -> example.sample().id())
                    .toList();
            assertEquals(4, new HashSet<>(others).size());
            assertTrue(Collections.disjoint(others, ids(order, step)));
            all.add(others);
        }
        assertEquals(9, new HashSet<>(all).size(), "each step has its own");
        BatchOrder resumed = new BatchOrder(DATA, 3, 4);
        assertEquals(
                all.get(5),
                resumed.replacements(5).stream()
                        .map(example -> example.sample().id())
                        .toList());
    }
}
