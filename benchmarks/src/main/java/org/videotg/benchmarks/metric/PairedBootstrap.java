package org.videotg.benchmarks.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Draw;

/**
 * The difference of two arms' mean scores, such as IoUs, on the same samples, with the percentile interval of a paired
 * bootstrap: samples are drawn with replacement, both arms' scores together.
 *
 * @param meanDifference mean of (first - second)
 * @param low 2.5th percentile of the resampled mean differences
 * @param high 97.5th percentile
 * @param n samples
 * @param resamples drawn
 */
public record PairedBootstrap(double meanDifference, double low, double high, int n, int resamples) {
    private static final double TAIL = 0.025;

    /** Compares scores of the same samples in the same order. */
    public static PairedBootstrap of(double[] first, double[] second, int resamples, long seed) {
        if (first.length != second.length || first.length == 0) {
            throw new InputException("arms must be compared on the same samples, at least one: they have "
                    + first.length + " and " + second.length);
        }
        if (resamples < 1) {
            throw new InputException("resamples must be at least 1, not " + resamples);
        }
        int n = first.length;
        double[] differences = new double[n];
        Arrays.setAll(differences, i -> first[i] - second[i]);
        double[] means = new double[resamples];
        Random random = Draw.generator(seed, "bootstrap");
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += differences[random.nextInt(n)];
            }
            means[r] = sum / n;
        }
        Arrays.sort(means);
        return new PairedBootstrap(
                Arrays.stream(differences).sum() / n,
                percentile(means, TAIL),
                percentile(means, 1 - TAIL),
                n,
                resamples);
    }

    /**
     * Compares two arms' predictions, paired by id.
     *
     * @param measure of one prediction, such as {@link Prediction#iou}
     * @throws InputException if the arms answered different samples
     */
    public static PairedBootstrap of(
            List<Prediction> first,
            List<Prediction> second,
            ToDoubleFunction<Prediction> measure,
            int resamples,
            long seed) {
        Map<String, Double> other = new HashMap<>();
        second.forEach(prediction -> other.put(prediction.id(), measure.applyAsDouble(prediction)));
        double[] a = new double[first.size()];
        double[] b = new double[first.size()];
        for (int i = 0; i < a.length; i++) {
            Double score = other.get(first.get(i).id());
            if (score == null) {
                throw new InputException("sample \"" + first.get(i).id()
                        + "\" was answered by one arm only; evaluate both on the same data");
            }
            a[i] = measure.applyAsDouble(first.get(i));
            b[i] = score;
        }
        if (other.size() != a.length) {
            throw new InputException("the arms answered " + a.length + " and " + other.size()
                    + " samples; evaluate both on the same data");
        }
        return of(a, b, resamples, seed);
    }

    /** Linear between the two neighbouring ranks. */
    static double percentile(double[] sorted, double share) {
        double rank = share * (sorted.length - 1);
        int below = (int) Math.floor(rank);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }
}
