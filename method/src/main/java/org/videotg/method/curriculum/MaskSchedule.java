package org.videotg.method.curriculum;

import org.videotg.core.io.InputException;

/**
 * The mask ratio m over the training: the share of the maskable grids that is masked at step t of T. It falls from m0 to 0,
 * which it reaches at t = gamma * T. Defined by this project.
 */
public sealed interface MaskSchedule {
    /** By which recipes call it. */
    String label();

    /** Ratio at the first step, in [0, 1]. */
    double m0();

    /** Share of the training after which nothing is masked, in (0, 1]. */
    double gamma();

    /** m at a progress x = t / (gamma * T) in [0, 1). */
    double at(double x);

    /**
     * m(t, T) in [0, m0].
     *
     * @param step t, from 0
     * @param steps T, at least 1
     */
    default double ratio(long step, long steps) {
        if (step < 0 || steps < 1) {
            throw new IllegalArgumentException("there is no step " + step + " of " + steps);
        }
        double x = step / (gamma() * steps);
        return x >= 1 ? 0 : at(x);
    }

    /**
     * The schedule of that label.
     *
     * @throws InputException for an unknown label or a number out of range
     */
    static MaskSchedule named(String label, double m0, double gamma) {
        return switch (label) {
            case "linear" -> new Linear(m0, gamma);
            case "cosine" -> new Cosine(m0, gamma);
            case "step" -> new Step(m0, gamma, 3);
            default -> throw new InputException("unknown mask schedule \"" + label + "\"; known: linear, cosine, step");
        };
    }

    /** m0 * (1 - x): the default, with m0 = 1 and gamma = 0.6. */
    record Linear(double m0, double gamma) implements MaskSchedule {
        public static final Linear DEFAULT = new Linear(1, 0.6);

        public Linear {
            check(m0, gamma);
        }

        @Override
        public String label() {
            return "linear";
        }

        @Override
        public double at(double x) {
            return m0 * (1 - x);
        }
    }

    /** m0 * (1 + cos(pi * x)) / 2. */
    record Cosine(double m0, double gamma) implements MaskSchedule {
        public Cosine {
            check(m0, gamma);
        }

        @Override
        public String label() {
            return "cosine";
        }

        @Override
        public double at(double x) {
            return m0 * (1 + Math.cos(Math.PI * x)) / 2;
        }
    }

    /** m0 * (1 - floor(stages * x) / stages): equal stairs. */
    record Step(double m0, double gamma, int stages) implements MaskSchedule {
        public Step {
            check(m0, gamma);
            if (stages < 1) {
                throw new InputException("curriculum: \"stages\" must be at least 1, not " + stages);
            }
        }

        @Override
        public String label() {
            return "step";
        }

        @Override
        public double at(double x) {
            return m0 * (1 - Math.floor(stages * x) / stages);
        }
    }

    private static void check(double m0, double gamma) {
        if (!(m0 >= 0 && m0 <= 1)) {
            throw new InputException("curriculum: \"m0\" must be in [0, 1], not " + m0);
        }
        if (!(gamma > 0 && gamma <= 1)) {
            throw new InputException("curriculum: \"gamma\" must be in (0, 1], not " + gamma);
        }
    }
}
