package org.videotg.benchmarks.profile;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Rounding as evaluators print it. */
public final class Decimals {
    private Decimals() {}

    /** What Python's {@code f"{value:.2f}"} says, as a number: half to even on the exact binary value. NaN and infinity stay. */
    public static double fixed(double value, int digits) {
        return Double.isFinite(value)
                ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue()
                : value;
    }
}
