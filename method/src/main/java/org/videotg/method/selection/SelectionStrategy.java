package org.videotg.method.selection;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/**
 * A rule that chooses the samples of a selection. To add one, add a nested record annotated with its name.
 *
 * <p>The candidates are samples that may be selected, in the seeded order in which they were looked at. IoU is the mean
 * zero-shot IoU of a sample, difficulty is 1 - IoU. Every choice is a function of the seed, the ids and the verdicts;
 * the order of the data file has no influence.
 */
public sealed interface SelectionStrategy {
    /** Pool of a strategy that looks at all samples. */
    double ALL = Double.POSITIVE_INFINITY;

    /** Returns its name in settings. */
    default String id() {
        return getClass().getAnnotation(JsonTypeName.class).value();
    }

    /** Returns the strategy of that name with its defaults. */
    static SelectionStrategy named(String name) {
        return Settings.choice(SelectionStrategy.class, name);
    }

    /** Returns whether it chooses by difficulty, so that every candidate needs a difficulty verdict. */
    default boolean rates() {
        return true;
    }

    /** Returns whether samples that boundary reflection rejects are left out, unless the settings say otherwise. */
    default boolean reflects() {
        return false;
    }

    /** Returns whether it chooses by reflection verdicts, so that the settings can't do without them. */
    default boolean needsReflection() {
        return false;
    }

    /** Returns how many times the wanted number of candidates the agents look for, unless the settings say otherwise. */
    default double poolFactor() {
        return 1;
    }

    /** Returns whether a sample is a candidate. */
    default boolean admits(Candidate candidate) {
        return true;
    }

    /** Chooses as many of the candidates as are wanted, or as many as there are: without a rule, the first ones. */
    default List<Candidate> choose(List<Candidate> candidates, Strata strata, Wanted wanted) {
        return candidates.subList(0, Math.min(wanted.samples(), candidates.size()));
    }

    /**
     * What is wanted.
     *
     * @param seed of draws
     */
    record Wanted(int samples, long seed) {}

    /** The method's: one sample from each bin of difficulty that is not empty, in turn. */
    @JsonTypeName("stratified")
    record Stratified() implements SelectionStrategy {
        @Override
        public boolean reflects() {
            return true;
        }

        @Override
        public List<Candidate> choose(List<Candidate> candidates, Strata strata, Wanted wanted) {
            List<List<Candidate>> bins = Stream.generate(() -> (List<Candidate>) new ArrayList<Candidate>())
                    .limit(strata.difficultyBins())
                    .toList();
            candidates.forEach(
                    candidate -> bins.get(strata.difficultyBin(candidate)).add(candidate));
            List<Candidate> chosen = new ArrayList<>();
            for (int round = 0; chosen.size() < Math.min(wanted.samples(), candidates.size()); round++) {
                for (List<Candidate> bin : bins) {
                    if (round < bin.size() && chosen.size() < wanted.samples()) {
                        chosen.add(bin.get(round));
                    }
                }
            }
            return chosen;
        }
    }

    /** Every sample with the same probability; no agent is asked. */
    @JsonTypeName("random")
    record Random() implements SelectionStrategy {
        @Override
        public boolean rates() {
            return false;
        }
    }

    /** Samples with low &lt; IoU &lt;= high at random, as Time-R1 filters its data (arXiv 2503.13377). */
    @JsonTypeName("iou-range")
    record IouRange(
            @Setting(
                    value = "candidates have a mean IoU above this; a negative number admits 0 as well",
                    defaultValue = "0",
                    range = "in [-1, 1)")
            double low,

            @Setting(value = "and at most this", defaultValue = "0.7", range = "in [0, 1]")
            double high)
            implements SelectionStrategy {
        public IouRange {
            Settings.check(IouRange.class, low, high);
            if (low >= high) {
                throw new IllegalArgumentException("\"low\" must be below \"high\", not " + low + " and " + high);
            }
        }

        @Override
        public boolean admits(Candidate candidate) {
            return candidate.iou() > low && candidate.iou() <= high;
        }
    }

    /**
     * A draw with the weight exp(-(IoU - iou)^2 / (2 std^2)), as in TimeLens (arXiv 2512.14698) with the defaults, and in
     * Time-R1 with iou 0.3 and even false.
     */
    @JsonTypeName("gaussian")
    record Gaussian(
            @Setting(value = "mean IoU with the highest weight", defaultValue = "0.05", range = "in [0, 1]")
            double iou,

            @Setting(value = "standard deviation of the weight over IoU", defaultValue = "0.2", range = "above 0")
            double std,

            @Setting(
                    value = "whether weights are divided by the number of candidates in the same of 20 bins of IoU,"
                            + " so that frequent IoUs are not preferred",
                    defaultValue = "true")
            boolean even)
            implements SelectionStrategy {
        private static final int BINS = 20;

        public Gaussian {
            Settings.check(Gaussian.class, iou, std, even);
        }

        @Override
        public double poolFactor() {
            return ALL;
        }

        @Override
        public List<Candidate> choose(List<Candidate> candidates, Strata strata, Wanted wanted) {
            int[] counts = new int[BINS];
            candidates.forEach(candidate -> counts[bin(candidate.iou())]++);
            return WeightedDraw.of(
                    candidates,
                    candidate -> weight(candidate.iou()) / (even ? counts[bin(candidate.iou())] : 1),
                    wanted);
        }

        /** Returns the weight of a mean IoU, before it is divided by the number of candidates around it. */
        double weight(double x) {
            double z = (x - iou) / std;
            return Math.exp(-z * z / 2);
        }

        private static int bin(double x) {
            return Math.min((int) (x * BINS), BINS - 1);
        }
    }

    /** A draw with the weight (1 - IoU)^2, as in TimeLens2 (arXiv 2607.17423). */
    @JsonTypeName("inverse-iou")
    record InverseIou() implements SelectionStrategy {
        @Override
        public double poolFactor() {
            return ALL;
        }

        @Override
        public List<Candidate> choose(List<Candidate> candidates, Strata strata, Wanted wanted) {
            return WeightedDraw.of(candidates, candidate -> Math.pow(1 - candidate.iou(), 2), wanted);
        }
    }

    /** Samples whose annotation is complete by the planted truth of a world, at random; for reports only. */
    @JsonTypeName("oracle")
    record Oracle() implements SelectionStrategy {
        @Override
        public boolean rates() {
            return false;
        }
    }

    /**
     * Weighs purity against what a sample teaches (defined by this project): the strata of difficulty and annotated
     * length keep their shares, and within each stratum only the most suspicious samples give way.
     *
     * <p>The stratum with n of the N candidates has the quota wanted * n / N; with mix {@code data}, the quotas of all
     * strata of one length add up to that length's share of the data set. Within a stratum the samples but the most
     * suspicious share {@code drop} are taken in the seeded order, and those only if the others do not fill the quota,
     * the least suspicious first ({@link Candidate#suspicion}).
     */
    @JsonTypeName("balanced")
    record Balanced(
            @Setting(
                    value = "share of each stratum, the most suspicious samples, that is taken last",
                    defaultValue = "0.2",
                    range = "in [0, 1)")
            double drop,

            @Setting(
                    value = "whose mix of lengths the selection has: that of the candidates, or that of the whole data"
                            + " set, in which truncated annotations count as short",
                    defaultValue = "candidates")
            Mix mix)
            implements SelectionStrategy {
        private static final double POOL_FACTOR = 1.5;

        /** Whose mix of lengths a selection has. */
        public enum Mix {
            CANDIDATES,
            DATA;

            @JsonValue
            public String id() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        public Balanced {
            Settings.check(Balanced.class, drop, mix);
        }

        @Override
        public boolean reflects() {
            return true;
        }

        @Override
        public boolean needsReflection() {
            return true;
        }

        @Override
        public double poolFactor() {
            return POOL_FACTOR;
        }

        @Override
        public List<Candidate> choose(List<Candidate> candidates, Strata strata, Wanted wanted) {
            List<List<Candidate>> cells = Stream.generate(() -> (List<Candidate>) new ArrayList<Candidate>())
                    .limit((long) strata.lengthBins() * strata.difficultyBins())
                    .toList();
            int[] byLength = new int[strata.lengthBins()];
            for (Candidate candidate : candidates) {
                int length = strata.lengthBin(candidate.original());
                byLength[length]++;
                cells.get(length * strata.difficultyBins() + strata.difficultyBin(candidate))
                        .add(candidate);
            }
            double[] weights = new double[cells.size()];
            Arrays.setAll(weights, cell -> {
                int length = cell / strata.difficultyBins();
                int size = cells.get(cell).size();
                return mix == Mix.CANDIDATES || size == 0 ? size : strata.share(length) * size / byLength[length];
            });
            int[] quotas =
                    Strata.quotas(weights, cells.stream().mapToInt(List::size).toArray(), wanted.samples());
            List<Candidate> chosen = new ArrayList<>();
            for (int cell = 0; cell < quotas.length; cell++) {
                chosen.addAll(suspiciousLast(cells.get(cell)).subList(0, quotas[cell]));
            }
            return chosen;
        }

        private List<Candidate> suspiciousLast(List<Candidate> cell) {
            List<Candidate> sorted = cell.stream()
                    .sorted(Comparator.comparingDouble(Candidate::suspicion))
                    .toList();
            List<Candidate> last = sorted.subList(sorted.size() - (int) (drop * sorted.size()), sorted.size());
            return Stream.concat(cell.stream().filter(candidate -> !last.contains(candidate)), last.stream())
                    .toList();
        }
    }
}
