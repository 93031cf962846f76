package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;
import org.videotg.method.reflection.ReflectionRules;
import org.videotg.method.reflection.ReflectionSettings;

/** Precision-recall curves of finding partial samples: the probe's by threshold, and a baseline's without video. */
public final class ReflectionCurves {
    /** Neighbours of the blind baseline. */
    public static final int NEIGHBOURS = 25;
    /** Cross-validation folds of the blind baseline. */
    public static final int FOLDS = 5;

    private static final int THRESHOLDS = 100;

    private ReflectionCurves() {}

    /** Returns the curve of the agent's rule over thresholds in steps of 0.01; empty unless all verdicts are probes. */
    public static Optional<PrecisionRecall> probe(List<LabelledReflection> labelled) {
        double[] falling = IntStream.range(0, THRESHOLDS)
                .mapToDouble(i -> 0.99 - i / (double) THRESHOLDS)
                .toArray();
        double[] scores = new double[labelled.size()];
        int probed = 0;
        for (int i = 0; i < scores.length; i++) {
            LabelledReflection one = labelled.get(i);
            Optional<ProbeReplies> replies =
                    ProbeReplies.of(one.sample(), one.verdict().replies());
            scores[i] = replies.map(found -> found.score(falling, one.sample(), one.settings()))
                    .orElse(-1.0);
            boolean unasked = one.verdict().replies().isEmpty();
            if (replies.isEmpty() && !unasked) {
                return Optional.empty();
            }
            probed += replies.isPresent() ? 1 : 0;
        }
        if (probed == 0) {
            return Optional.empty();
        }
        List<PrecisionRecall.Point> points = new ArrayList<>(
                PrecisionRecall.of(scores, PrecisionRecall.labels(labelled)).points());
        points.removeIf(point -> point.threshold() < 0);
        return Optional.of(new PrecisionRecall(points));
    }

    /**
     * Returns the curve of the blind baseline: a sample's score is the share of truly partial ones among the
     * {@value #NEIGHBOURS} samples of the other folds that are nearest in annotated length and duration, each in units
     * of its standard deviation; ties at the largest distance all count. The truth of those is given, so the curve is
     * an upper bound on what length and duration reveal.
     */
    public static PrecisionRecall blind(List<LabelledReflection> labelled) {
        return PrecisionRecall.of(blindScores(labelled), PrecisionRecall.labels(labelled));
    }

    /** Returns the scores of {@link #blind}, in the order of the samples. */
    public static double[] blindScores(List<LabelledReflection> labelled) {
        boolean[] truly = PrecisionRecall.labels(labelled);
        double[] lengths = scaled(labelled.stream()
                .mapToDouble(one -> Intervals.length(one.sample().intervals()))
                .toArray());
        double[] durations = scaled(labelled.stream()
                .map(LabelledReflection::sample)
                .mapToDouble(Sample::duration)
                .toArray());
        int[] folds = labelled.stream()
                .mapToInt(one -> (int)
                        (Draw.uniform(0, "blind baseline", Draw.key(one.sample().id())) * FOLDS))
                .toArray();
        double[] scores = new double[truly.length];
        for (int i = 0; i < scores.length; i++) {
            int target = i;
            int[] others = IntStream.range(0, truly.length)
                    .filter(j -> folds[j] != folds[target])
                    .toArray();
            double[] distances = Arrays.stream(others)
                    .mapToDouble(j -> Math.hypot(lengths[j] - lengths[target], durations[j] - durations[target]))
                    .toArray();
            double[] sorted = distances.clone();
            Arrays.sort(sorted);
            double reach = sorted.length == 0 ? 0 : sorted[Math.min(NEIGHBOURS, sorted.length) - 1];
            int[] near = IntStream.range(0, others.length)
                    .filter(k -> distances[k] <= reach)
                    .map(k -> others[k])
                    .toArray();
            scores[i] = Arrays.stream(near)
                    .mapToDouble(j -> truly[j] ? 1 : 0)
                    .average()
                    .orElse(0);
        }
        return scores;
    }

    private static double[] scaled(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double spread = Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(0));
        return Arrays.stream(values).map(v -> spread > 1e-9 ? v / spread : 0).toArray();
    }

    /**
     * P(yes) of every visible grid, read from the {@code replies} of a probe. The grids' spans are not recorded; they
     * are reconstructed from the grids' times, which are evenly spaced if frames are.
     *
     * @param visible indices of the probed grids, ascending
     * @param yes P(yes) of each probed grid
     */
    public record ProbeReplies(TemporalGrids grids, int[] visible, double[] yes) {
        /** Reads replies; empty if they hold no probabilities, or those of fewer than two grids. */
        public static Optional<ProbeReplies> of(Sample sample, JsonNode replies) {
            List<JsonNode> rows =
                    StreamSupport.stream(replies.spliterator(), false).toList();
            boolean probed = rows.size() > 1
                    && rows.stream()
                            .allMatch(row -> row.path("grid").isInt()
                                    && row.path("grid").asInt() >= 0
                                    && row.path("time").isNumber()
                                    && row.path("yes").isNumber());
            if (!probed) {
                return Optional.empty();
            }
            int[] visible =
                    rows.stream().mapToInt(row -> row.path("grid").asInt()).toArray();
            double[] times = rows.stream()
                    .mapToDouble(row -> row.path("time").asDouble())
                    .toArray();
            // The last grid may repeat its only frame and then comes a quarter of a step early, so it is used only if
            // needed.
            int to = Math.max(1, visible.length - 2);
            double step = (times[to] - times[0]) / (visible[to] - visible[0]);
            if (!(step > 0) || Double.isInfinite(step)) {
                return Optional.empty();
            }
            double start = times[0] - visible[0] * step - step / 4;
            return Optional.of(new ProbeReplies(
                    layout(sample.duration(), visible[visible.length - 1], start, step),
                    visible,
                    rows.stream().mapToDouble(row -> row.path("yes").asDouble()).toArray()));
        }

        /**
         * Returns the grids up to the last visible one; a grid's frames lie a quarter of a step before and after its
         * time.
         *
         * @param start time of the first frame of the first grid
         */
        private static TemporalGrids layout(double duration, int lastVisible, double start, double step) {
            List<TemporalGrid> grids = new ArrayList<>();
            double from = 0;
            for (int i = 0; i <= lastVisible; i++) {
                double to = start + (i + 1) * step;
                boolean ending = i == lastVisible && to >= duration - step / 4;
                to = Math.max(from, ending ? duration : to);
                grids.add(new TemporalGrid(i, start + (i + 0.25) * step, new Interval(from, to)));
                from = to;
            }
            return new TemporalGrids(Math.max(duration, from), grids);
        }

        /** Returns whether the reflection rule finds the sample partial with this threshold of P(yes). */
        public boolean partialAt(double threshold, Sample sample, ReflectionSettings settings) {
            List<Interval> spans =
                    ReflectionRules.probed(grids, visible, yes, settings.withProbe(threshold, settings.probeGrids()));
            return ReflectionRules.partial(
                    ReflectionRules.reflected(spans, sample.intervals(), settings), sample.intervals(), settings);
        }

        /** Returns the highest of the thresholds at which the sample is found partial; -1 if none. */
        double score(double[] falling, Sample sample, ReflectionSettings settings) {
            for (double threshold : falling) {
                if (partialAt(threshold, sample, settings)) {
                    return threshold;
                }
            }
            return -1;
        }
    }
}
