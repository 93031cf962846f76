package org.videotg.models.config;

/**
 * From how many seconds of a temporal grid Qwen2.5-VL's positions are made ({@code second_per_grid_ts}); versions of
 * transformers disagree.
 */
public sealed interface GridSeconds {
    /** Those that the sampled frames have. */
    GridSeconds EXACT = new Exact();
    /** Truncated to whole seconds, so above two frames a second time stands still: transformers 4.57 and 5.14. */
    GridSeconds WHOLE = new Whole();

    /** @param actual seconds from one grid to the next */
    double of(double actual);

    /** By which options call it. */
    String label();

    /** @see #EXACT */
    record Exact() implements GridSeconds {
        @Override
        public double of(double actual) {
            return actual;
        }

        @Override
        public String label() {
            return "exact";
        }
    }

    /** @see #WHOLE */
    record Whole() implements GridSeconds {
        @Override
        public double of(double actual) {
            return Math.floor(actual);
        }

        @Override
        public String label() {
            return "whole";
        }
    }

    /**
     * The same for every video: 1 where the processor was not told the frame rate, or generation did not pass the
     * seconds on.
     *
     * @param seconds at least 0
     */
    record Fixed(double seconds) implements GridSeconds {
        @Override
        public double of(double actual) {
            return seconds;
        }

        @Override
        public String label() {
            return Double.toString(seconds);
        }
    }

    /** The one of that label, or null. */
    static GridSeconds labelled(String label) {
        return switch (label) {
            case "exact" -> EXACT;
            case "whole" -> WHOLE;
            default -> {
                double seconds = Double.parseDouble(label);
                yield seconds >= 0 && !Double.isInfinite(seconds) ? new Fixed(seconds) : null;
            }
        };
    }
}
