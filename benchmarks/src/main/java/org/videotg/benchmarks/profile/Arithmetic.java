package org.videotg.benchmarks.profile;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Sums, means and rounding as the evaluators compute them, so that their metrics agree to the last bit. */
public final class Arithmetic {
    private static final int UNROLLED = 8;
    private static final int BLOCK = 128;

    private Arithmetic() {}

    /**
     * What Python's {@code f"{value:.2f}"} prints, as a number: half to even on the exact binary value. NaN and
     * infinity stay.
     */
    public static double fixed(double value, int digits) {
        return Double.isFinite(value)
                ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue()
                : value;
    }

    /** The mean by {@link #pairwise(List)}, as {@code numpy.mean} computes it; NaN for no value. */
    static double numpy(List<Double> values) {
        return pairwise(values) / values.size();
    }

    /** The sum as {@code numpy.sum} adds. */
    static double pairwise(List<Double> values) {
        double[] array = values.stream().mapToDouble(Double::doubleValue).toArray();
        return pairwise(array, 0, array.length);
    }

    /** The sum from left to right, as Python's {@code sum} adds before version 3.12. */
    static double sum(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** numpy's pairwise summation: eight running sums in blocks of at most 128, halves of longer arrays added. */
    private static double pairwise(double[] values, int from, int n) {
        if (n < UNROLLED) {
            double sum = 0;
            for (int i = from; i < from + n; i++) {
                sum += values[i];
            }
            return sum;
        }
        if (n > BLOCK) {
            int half = n / 2 - n / 2 % UNROLLED;
            return pairwise(values, from, half) + pairwise(values, from + half, n - half);
        }
        double[] running = new double[UNROLLED];
        int whole = n - n % UNROLLED;
        for (int i = 0; i < whole; i++) {
            running[i % UNROLLED] += values[from + i];
        }
        double sum = ((running[0] + running[1]) + (running[2] + running[3]))
                + ((running[4] + running[5]) + (running[6] + running[7]));
        for (int i = whole; i < n; i++) {
            sum += values[from + i];
        }
        return sum;
    }
}
