package org.videotg.app.report.chart;

import java.util.Locale;

/** Formats the report's figures, in the same way on every machine. */
public final class Numbers {
    private Numbers() {}

    public static String fixed(double value, int decimals) {
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
        boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
        return zero && text.startsWith("-") ? text.substring(1) : text.replace('-', '\u2212');
    }

    /** Writes a difference with its sign. */
    public static String signed(double value, int decimals) {
        String text = fixed(value, decimals);
        return text.startsWith("\u2212") || text.chars().noneMatch(c -> c >= '1' && c <= '9') ? text : "+" + text;
    }

    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Writes a large count with three digits, such as 1.23 M. */
    public static String large(double value) {
        if (value < 10_000) {
            return count(Math.round(value));
        }
        String unit = value < 1e6 ? "k" : value < 1e9 ? "M" : "G";
        double scaled = value / (value < 1e6 ? 1e3 : value < 1e9 ? 1e6 : 1e9);
        return fixed(scaled, scaled < 10 ? 2 : scaled < 100 ? 1 : 0) + " " + unit;
    }

    /** Writes a share in [0, 1] in percent; with one decimal below 10%. */
    public static String percent(double share) {
        return fixed(100 * share, share > 0 && share < 0.0995 ? 1 : 0) + "%";
    }

    /** Writes two counts and their ratio, such as 12 of 40 (30%); without the ratio if the whole is 0. */
    public static String partOf(long part, long whole) {
        return count(part) + " of " + count(whole) + (whole == 0 ? "" : " (" + percent((double) part / whole) + ")");
    }

    /** Writes a tick of an axis with as many decimals as the step needs. */
    static String tick(double value, double step) {
        if (Math.abs(value) >= 10_000) {
            return large(Math.abs(value)).replaceAll("\\.?0+ ", " ");
        }
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        return fixed(value, Math.min(decimals, 6));
    }
}
