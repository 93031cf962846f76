package org.videotg.method.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;

/**
 * The strata of a data set: bins of equal width over difficulty [0, 1], and bins of annotated length between quantiles
 * of the data set.
 */
public final class Strata {
    private final int difficultyBins;
    private final double[] edges;
    private final int[] counts;
    private final double longest;

    /** The strata of this data set. */
    Strata(SelectionSettings settings, List<Sample> data) {
        double[] lengths = data.stream().mapToDouble(Strata::length).sorted().toArray();
        difficultyBins = settings.bins();
        edges = IntStream.range(1, settings.lengthBins())
                .mapToDouble(i -> lengths[(int) ((long) i * lengths.length / settings.lengthBins())])
                .toArray();
        longest = lengths[lengths.length - 1];
        counts = new int[settings.lengthBins()];
        data.forEach(sample -> counts[lengthBin(sample)]++);
    }

    private static double length(Sample sample) {
        return Intervals.length(sample.intervals());
    }

    int difficultyBins() {
        return difficultyBins;
    }

    int lengthBins() {
        return counts.length;
    }

    /** The bin of a rated candidate, easiest first. */
    int difficultyBin(Candidate candidate) {
        return Math.min((int) (candidate.difficulty() * difficultyBins), difficultyBins - 1);
    }

    /** The bin of a sample by the length of its annotation as it stands in the data, shortest first. */
    int lengthBin(Sample sample) {
        double length = length(sample);
        return (int) Arrays.stream(edges).filter(edge -> length >= edge).count();
    }

    /** The share of the data set's samples in a bin of length. */
    double share(int lengthBin) {
        return (double) counts[lengthBin] / Arrays.stream(counts).sum();
    }

    /**
     * Splits a number in proportion to weights, by largest remainders; none gets more than its capacity, and what is
     * left is split among the others.
     *
     * @param weights at least 0; what has weight 0 gets nothing
     */
    static int[] quotas(double[] weights, int[] capacities, int total) {
        int[] quotas = new int[weights.length];
        List<Integer> open = new ArrayList<>(IntStream.range(0, weights.length)
                .filter(i -> weights[i] > 0 && capacities[i] > 0)
                .boxed()
                .toList());
        int left = total;
        while (!open.isEmpty()) {
            double unit = left / open.stream().mapToDouble(i -> weights[i]).sum();
            List<Integer> full = open.stream()
                    .filter(i -> weights[i] * unit >= capacities[i])
                    .toList();
            if (full.isEmpty()) {
                break;
            }
            for (int i : full) {
                quotas[i] = capacities[i];
                left -= capacities[i];
            }
            open.removeAll(full);
        }
        if (!open.isEmpty()) {
            double unit = left / open.stream().mapToDouble(i -> weights[i]).sum();
            for (int i : open) {
                quotas[i] = (int) (weights[i] * unit);
                left -= quotas[i];
            }
            open.sort(Comparator.comparingDouble(i -> quotas[i] - weights[i] * unit));
            open.subList(0, Math.min(left, open.size())).forEach(i -> quotas[i]++);
        }
        return quotas;
    }

    /** The candidates and the selected in each bin of difficulty; both are rated. */
    List<Selection.Report.Bin> byDifficulty(List<Candidate> candidates, List<Candidate> selected) {
        int[] among = tally(candidates, difficultyBins, this::difficultyBin);
        int[] chosen = tally(selected, difficultyBins, this::difficultyBin);
        return IntStream.range(0, difficultyBins)
                .mapToObj(bin -> new Selection.Report.Bin(
                        (double) bin / difficultyBins, (bin + 1.0) / difficultyBins, among[bin], chosen[bin]))
                .toList();
    }

    /** The samples of the data set, the candidates and the selected in each bin of annotated length. */
    List<Selection.Report.LengthBin> byLength(List<Candidate> candidates, List<Candidate> selected) {
        int[] among = tally(candidates, counts.length, candidate -> lengthBin(candidate.original()));
        int[] chosen = tally(selected, counts.length, candidate -> lengthBin(candidate.original()));
        return IntStream.range(0, counts.length)
                .mapToObj(bin -> new Selection.Report.LengthBin(
                        bin == 0 ? 0 : edges[bin - 1],
                        bin == edges.length ? longest : edges[bin],
                        counts[bin],
                        among[bin],
                        chosen[bin]))
                .toList();
    }

    private static int[] tally(List<Candidate> candidates, int bins, ToIntFunction<Candidate> bin) {
        int[] tally = new int[bins];
        candidates.forEach(candidate -> tally[bin.applyAsInt(candidate)]++);
        return tally;
    }
}
