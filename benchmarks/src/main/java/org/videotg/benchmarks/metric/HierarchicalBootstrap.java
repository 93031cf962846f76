package org.videotg.benchmarks.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Draw;

/**
 * The difference of two arms' mean scores over several base models and seeds, with a percentile interval that covers
 * the choice of bases, seeds and test samples: in every resample, bases and seeds are drawn with replacement, and for
 * every drawn seed its test samples, which all bases share. With two or three bases or seeds such an interval is too
 * narrow rather than too wide.
 *
 * @param meanDifference mean over the cells of their mean (first - second)
 * @param low 2.5th percentile of the resampled means
 * @param high 97.5th percentile
 * @param cells combinations of base and seed
 */
public record HierarchicalBootstrap(double meanDifference, double low, double high, int cells) {
    private static final double TAIL = 0.025;

    /**
     * What two arms scored with one base and one seed.
     *
     * @param differences first - second, by test sample; all cells of a seed have the same samples in the same order
     */
    public record Cell(String base, long seed, double[] differences) {}

    /**
     * Compares two arms.
     *
     * @throws InputException if there is no cell, or two cells of a seed differ in the number of their samples
     */
    public static HierarchicalBootstrap of(List<Cell> cells, int resamples, long seed) {
        Map<String, Map<Long, double[]>> byBase = new HashMap<>();
        Map<Long, Integer> sizes = new HashMap<>();
        for (Cell cell : cells) {
            int size = cell.differences().length;
            if (size == 0 || !sizes.computeIfAbsent(cell.seed(), key -> size).equals(size)) {
                throw new InputException("the cells of seed " + cell.seed()
                        + " must have the same test samples, at least one; evaluate them on the same data");
            }
            byBase.computeIfAbsent(cell.base(), key -> new HashMap<>()).put(cell.seed(), cell.differences());
        }
        if (cells.isEmpty()) {
            throw new InputException("nothing to compare: no base and seed has both arms");
        }
        List<String> bases = byBase.keySet().stream().sorted().toList();
        List<Long> seeds = sizes.keySet().stream().sorted().toList();
        Random random = Draw.generator(seed, "hierarchical-bootstrap");
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            int counted = 0;
            // Not every base has every seed: a resample may come out empty.
            while (counted == 0) {
                List<Map<Long, double[]>> drawn = random.ints(bases.size(), 0, bases.size())
                        .mapToObj(i -> byBase.get(bases.get(i)))
                        .toList();
                for (int s = 0; s < seeds.size(); s++) {
                    long drawnSeed = seeds.get(random.nextInt(seeds.size()));
                    int n = sizes.get(drawnSeed);
                    int[] samples = random.ints(n, 0, n).toArray();
                    for (Map<Long, double[]> base : drawn) {
                        double[] differences = base.get(drawnSeed);
                        if (differences != null) {
                            sum += Arrays.stream(samples)
                                    .mapToDouble(i -> differences[i])
                                    .average()
                                    .orElseThrow();
                            counted++;
                        }
                    }
                }
            }
            means[r] = sum / counted;
        }
        Arrays.sort(means);
        double mean = cells.stream()
                .mapToDouble(cell -> Arrays.stream(cell.differences()).average().orElseThrow())
                .average()
                .orElseThrow();
        return new HierarchicalBootstrap(
                mean,
                PairedBootstrap.percentile(means, TAIL),
                PairedBootstrap.percentile(means, 1 - TAIL),
                cells.size());
    }
}
