package org.videotg.benchmarks.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.videotg.benchmarks.metric.HierarchicalBootstrap.Cell;
import org.videotg.core.io.InputException;

class HierarchicalBootstrapTest {
    private static final int RESAMPLES = 4000;

    /** Normal effects of known size: the variance of the resampled mean is that of the three levels together. */
    @Test
    void theIntervalCoversBasesSeedsAndSamples() {
        Random random = new Random(5);
        int bases = 12;
        int seeds = 10;
        int samples = 60;
        double[] ofSeed = random.doubles(seeds).map(u -> 2 * u - 1).toArray();
        List<Cell> cells = new ArrayList<>();
        double[] baseMeans = new double[bases];
        double[] seedMeans = new double[seeds];
        for (int b = 0; b < bases; b++) {
            double ofBase = random.nextDouble() - 0.5;
            for (int s = 0; s < seeds; s++) {
                double effect = ofBase + ofSeed[s];
                double[] differences =
                        random.doubles(samples).map(u -> effect + 2 * (u - 0.5)).toArray();
                cells.add(new Cell("base" + b, s, differences));
                double mean = mean(differences);
                baseMeans[b] += mean / seeds;
                seedMeans[s] += mean / bases;
            }
        }
        HierarchicalBootstrap found = HierarchicalBootstrap.of(cells, RESAMPLES, 1);
        double expected = mean(baseMeans);
        double deviation = Math.sqrt(variance(baseMeans) / bases + variance(seedMeans) / seeds);
        assertEquals(expected, found.meanDifference(), 1e-12);
        assertEquals(expected - 1.96 * deviation, found.low(), 0.15 * deviation);
        assertEquals(expected + 1.96 * deviation, found.high(), 0.15 * deviation);
        assertEquals(bases * seeds, found.cells());
    }

    @Test
    void oneCellIsAnOrdinaryBootstrap() {
        double[] differences = new Random(3).doubles(200).map(u -> u - 0.4).toArray();
        HierarchicalBootstrap found = HierarchicalBootstrap.of(List.of(new Cell("a", 1, differences)), RESAMPLES, 0);
        PairedBootstrap paired = PairedBootstrap.of(differences, new double[200], RESAMPLES, 0);
        assertEquals(paired.meanDifference(), found.meanDifference(), 1e-12);
        assertEquals(paired.low(), found.low(), 0.005);
        assertEquals(paired.high(), found.high(), 0.005);
    }

    /** All bases of a seed are resampled with the same videos: what is common to them does not average out. */
    @Test
    void theBasesOfASeedShareItsSamples() {
        double[] differences = new Random(4).doubles(100).map(u -> u - 0.5).toArray();
        List<Cell> one = List.of(new Cell("a", 1, differences));
        List<Cell> four = List.of(
                new Cell("a", 1, differences),
                new Cell("b", 1, differences),
                new Cell("c", 1, differences),
                new Cell("d", 1, differences));
        HierarchicalBootstrap alone = HierarchicalBootstrap.of(one, RESAMPLES, 0);
        HierarchicalBootstrap copies = HierarchicalBootstrap.of(four, RESAMPLES, 0);
        assertEquals(alone.high() - alone.low(), copies.high() - copies.low(), 0.01);
    }

    @Test
    void combinationsMayBeMissing() {
        List<Cell> cells = List.of(
                new Cell("a", 1, new double[] {0.5, 0.5}),
                new Cell("a", 2, new double[] {0.5}),
                new Cell("b", 2, new double[] {0.5}));
        HierarchicalBootstrap found = HierarchicalBootstrap.of(cells, 500, 0);
        assertEquals(0.5, found.low(), 1e-12);
        assertEquals(0.5, found.high(), 1e-12);
    }

    @Test
    void nothingAndOtherSamplesAreRefused() {
        assertThrows(InputException.class, () -> HierarchicalBootstrap.of(List.of(), 10, 0));
        InputException other = assertThrows(
                InputException.class,
                () -> HierarchicalBootstrap.of(
                        List.of(new Cell("a", 7, new double[2]), new Cell("b", 7, new double[3])), 10, 0));
        assertTrue(other.getMessage().contains("seed 7"), other.getMessage());
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** With n in the denominator, as a bootstrap has it. */
    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    }
}
