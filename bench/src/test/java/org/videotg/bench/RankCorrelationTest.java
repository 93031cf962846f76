package org.videotg.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    @Test
    void risingAndFallingOrder() {
        assertEquals(1, RankCorrelation.of(new double[] {1, 2, 3, 40}, new double[] {-9, 0, .1, 7}), 1e-12);
        assertEquals(-1, RankCorrelation.of(new double[] {1, 2, 3, 40}, new double[] {7, .1, 0, -9}), 1e-12);
    }

    /** Ranks 1 3 3 3 6 5 and 2.5 2.5 1 4 5.5 5.5, whose products with the mean taken off sum to 12, 15.5 and 16.5. */
    @Test
    void equalValuesShareARank() {
        assertEquals(
                12 / Math.sqrt(15.5 * 16.5),
                RankCorrelation.of(new double[] {1, 2, 2, 2, 5, 4}, new double[] {3, 3, 1, 8, 9, 9}),
                1e-12);
    }

    /** Ranks by counting the smaller values and half the equal ones. */
    @Test
    void agreesWithRanksByCounting() {
        Random random = new Random(5);
        for (int size = 3; size < 40; size++) {
            double[] left = random.ints(size, 0, 10).asDoubleStream().toArray();
            double[] right = random.doubles(size).toArray();
            left[0] = -1;
            assertEquals(pearson(counted(left), counted(right)), RankCorrelation.of(left, right), 1e-12);
        }
    }

    private static double[] counted(double[] values) {
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            for (double other : values) {
                ranks[i] += other < values[i] ? 1 : other == values[i] ? .5 : 0;
            }
        }
        return ranks;
    }

    private static double pearson(double[] left, double[] right) {
        double n = left.length;
        double a = 0;
        double b = 0;
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < n; i++) {
            a += left[i];
            b += right[i];
            ab += left[i] * right[i];
            aa += left[i] * left[i];
            bb += right[i] * right[i];
        }
        return (n * ab - a * b) / Math.sqrt((n * aa - a * a) * (n * bb - b * b));
    }
}
