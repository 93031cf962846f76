package org.videotg.app.report.chart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A linear axis.
 *
 * @param label the quantity with its unit
 * @param min value at the start
 * @param max value at the end, larger than {@code min}
 * @param step distance of two ticks
 */
public record Axis(String label, double min, double max, double step) {
    private static final int INTERVALS = 5;

    public Axis {
        if (!(max > min) || !(step > 0) || Double.isInfinite(max - min)) {
            throw new IllegalArgumentException("no axis from " + min + " to " + max + " by " + step);
        }
    }

    /** An axis from 0 to 1. */
    public static Axis unit(String label) {
        return new Axis(label, 0, 1, 0.2);
    }

    /** An axis with round ticks and bounds that includes both values. */
    public static Axis around(String label, double low, double high) {
        double span = high > low ? high - low : Math.max(Math.abs(low), 1) * 0.2;
        double start = high > low ? low : low - span / 2;
        double raw = span / INTERVALS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double ratio = raw / power;
        double step = power * (ratio <= 1.0000001 ? 1 : ratio <= 2.0000001 ? 2 : ratio <= 5.0000001 ? 5 : 10);
        double min = Math.floor(start / step + 1e-9) * step;
        double max = Math.ceil((start + span) / step - 1e-9) * step;
        return new Axis(label, min, max, step);
    }

    /** An axis from 0 to a round number. */
    public static Axis fromZero(String label, double high) {
        return around(label, 0, high > 0 ? high : 1);
    }

    /** An axis that includes all values. */
    static Axis aroundAll(String label, Collection<double[]> values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] some : values) {
            for (double value : some) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return low > high ? unit(label) : around(label, low, high);
    }

    /** Returns the values of all ticks. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        int count = (int) Math.floor((max - min) / step + 1e-6);
        for (int i = 0; i <= count; i++) {
            ticks.add(min + i * step);
        }
        return ticks;
    }

    String tickText(double value) {
        return Numbers.tick(value, step);
    }

    /** Returns a value's position, 0 at the start and 1 at the end, clamped to [0, 1]. */
    double share(double value) {
        return Math.min(1, Math.max(0, (value - min) / (max - min)));
    }
}
