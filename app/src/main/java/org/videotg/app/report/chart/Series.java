package org.videotg.app.report.chart;

import java.util.Objects;

/**
 * Points of one kind in a chart.
 *
 * @param name in the legend; blank for none
 * @param colour index into the palette, the same for the same thing in all charts; colours repeat, dashes differ
 * @param x values in the order in which they are joined
 * @param y as many
 * @param form how they are drawn
 */
public record Series(String name, int colour, double[] x, double[] y, Form form) {
    /** Ways to draw a series. */
    public enum Form {
        LINE,
        /** A thin pale line, behind the smoothed one. */
        FAINT,
        POINTS
    }

    public Series {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(form, "form");
        if (x.length != y.length) {
            throw new IllegalArgumentException("series \"" + name + "\" has " + x.length + " x and " + y.length + " y");
        }
    }

    public static Series line(String name, int colour, double[] x, double[] y) {
        return new Series(name, colour, x, y, Form.LINE);
    }

    public Series faint() {
        return new Series("", colour, x, y, Form.FAINT);
    }

    /** Every value replaced by the mean of those within {@code radius} places of it. */
    public Series smoothed(int radius) {
        double[] smooth = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            int from = Math.max(0, i - radius);
            int to = Math.min(y.length - 1, i + radius);
            double sum = 0;
            for (int j = from; j <= to; j++) {
                sum += y[j];
            }
            smooth[i] = sum / (to - from + 1);
        }
        return new Series(name, colour, x, smooth, form);
    }

    /** At most {@code most} points, evenly chosen, the first and the last among them. */
    public Series thinned(int most) {
        if (x.length <= most) {
            return this;
        }
        double[] fewerX = new double[most];
        double[] fewerY = new double[most];
        for (int i = 0; i < most; i++) {
            int from = (int) Math.round((double) i * (x.length - 1) / (most - 1));
            fewerX[i] = x[from];
            fewerY[i] = y[from];
        }
        return new Series(name, colour, fewerX, fewerY, form);
    }
}
