package org.videotg.training.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.videotg.models.Model;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.TinyModel;
import org.videotg.training.distributed.RankGroup;

class ModelWorkersTest {
    private static final List<Integer> ITEMS = List.of(3, 1, 4, 1, 5);

    private static double backward(Model replica, int item) {
        Tensor loss = replica.logits(replica.hidden(TinyModel.row(item, 6 + item), null))
                .square()
                .mean();
        loss.backward();
        return loss.item_double();
    }

    private static Map<String, float[]> gradients(int workers, int calls) {
        Model master = TinyModel.load();
        try (ModelWorkers gradients = TinyModel.workers(master, workers)) {
            for (int call = 0; call < calls; call++) {
                gradients.clear();
                List<Double> losses = gradients.run(ITEMS, ModelWorkersTest::backward);
                assertEquals(ITEMS.size(), losses.size());
                assertEquals(losses.get(1), losses.get(3));
            }
            return gradients.sum(sums -> {
                Map<String, float[]> values = new LinkedHashMap<>();
                sums.forEach((name, sum) -> values.put(name, Tensors.toFloats(sum)));
                return values;
            });
        } finally {
            master.close();
        }
    }

    @Test
    void workersTogetherGiveTheGradientOfOne() {
        Map<String, float[]> one = gradients(1, 1);
        Map<String, float[]> three = gradients(3, 2);
        assertEquals(one.keySet(), three.keySet());
        double norm = 0;
        for (String name : one.keySet()) {
            assertArrayEquals(one.get(name), three.get(name), 1e-6f, name);
            for (float value : one.get(name)) {
                norm += value * value;
            }
        }
        assertTrue(norm > 1e-6, "gradients flow");
    }

    @Test
    void theSumIsTheSameToTheBitInEveryRun() {
        Map<String, float[]> first = gradients(2, 1);
        Map<String, float[]> second = gradients(2, 1);
        first.forEach((name, values) -> assertArrayEquals(values, second.get(name), name));
    }

    /**
     * Returns the gradients of the second of two steps, with layers that are computed again.
     *
     * @param workers of this rank
     */
    private static Map<String, float[]> recomputed(ModelWorkers.Spread spread, int workers) {
        Model master = TinyModel.load();
        try (ModelWorkers gradients =
                new ModelWorkers(master, master.parameters().all().keySet(), workers, master.type(), spread)) {
            List<Boolean> sentInTime = new CopyOnWriteArrayList<>();
            RowPasses passes = new RowPasses(4, true, (model, layer) -> {
                gradients.layerDone(model, layer);
                if (layer == 0) {
                    sentInTime.add(spread.group().spent().exchanging() > 0);
                }
            });
            for (int step = 0; step < 2; step++) {
                gradients.clear();
                gradients.run(new ModelWorkers.Job<>(
                        ITEMS, item -> item, Integer.class, ModelWorkers.Pass.each((model, item) -> {
                            RowPasses.Pass pass = passes.forward(model, TinyModel.row(item, 6, item), null, 1);
                            float[] gradient = new float[item];
                            Arrays.fill(gradient, 0.5f / item);
                            pass.backward(List.of(gradient));
                            return item;
                        })));
                assertEquals(spread.group().size() > 1, sentInTime.contains(true), "while the pass goes on");
            }
            return gradients.sum(sums -> {
                Map<String, float[]> values = new LinkedHashMap<>();
                sums.forEach((name, sum) -> values.put(name, Tensors.toFloats(sum)));
                return values;
            });
        } finally {
            master.close();
        }
    }

    @Test
    void gradientsThatRanksSendWhileTheyComputeAreThoseOfOneProcess() throws Exception {
        NativeRuntime.load();
        for (int workers = 1; workers <= 2; workers++) {
            int each = workers;
            Map<String, float[]> one = recomputed(ModelWorkers.Spread.SINGLE, 2 * workers);
            List<FutureTask<Map<String, float[]>>> ranks = RankGroup.local(2).stream()
                    .map(rank -> new FutureTask<>(() -> {
                        try (RankGroup group = rank.join(lost -> {})) {
                            return recomputed(new ModelWorkers.Spread(group, false, 1000), each);
                        }
                    }))
                    .toList();
            ranks.forEach(rank -> new Thread(rank).start());
            for (FutureTask<Map<String, float[]>> rank : ranks) {
                Map<String, float[]> sums = rank.get(60, TimeUnit.SECONDS);
                assertEquals(List.copyOf(one.keySet()), List.copyOf(sums.keySet()), "in the order of the names");
                one.forEach((name, values) -> assertArrayEquals(values, sums.get(name), name));
            }
        }
    }

    @Test
    void onlyTrainedParametersGetGradients() {
        Model master = TinyModel.load();
        List<String> trained = Stream.of("model.language_model.norm.weight").toList();
        try (ModelWorkers gradients = new ModelWorkers(master, Set.copyOf(trained), 1)) {
            gradients.run(ITEMS, ModelWorkersTest::backward);
            assertEquals(trained, gradients.sum(sums -> List.copyOf(sums.keySet())));
        } finally {
            master.close();
        }
    }

    @Test
    void aFailureOfAWorkerReachesTheCaller() {
        Model master = TinyModel.load();
        try (ModelWorkers gradients = TinyModel.workers(master, 2)) {
            IllegalArgumentException failure = assertThrows(
                    IllegalArgumentException.class,
                    () -> gradients.run(ITEMS, (m, i) -> {
                        if (i == 4) {
                            throw new IllegalArgumentException("four");
                        }
                        return i;
                    }));
            assertEquals("four", failure.getMessage());
        } finally {
            master.close();
        }
    }
}
