package org.videotg.app.report.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;

/** How well partial samples can be told at other settings, and without looking at the video at all. */
public final class ReflectionCurves {
    /** Neighbours that the blind baseline asks. */
    public static final int NEIGHBOURS = 25;
    /** Parts into which the samples are dealt for the blind baseline. */
    public static final int FOLDS = 5;

    private static final int THRESHOLDS = 100;

    private ReflectionCurves() {}

    /** The probe's curve: the agent's own rule at every hundredth of the threshold; empty unless all verdicts are probes. */
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
     * The blind baseline's: a sample's score is the share of truly partial ones among the {@value #NEIGHBOURS} samples nearest
     * in annotated length and duration (each in units of its spread; all at the farthest distance count), taken from the other
     * {@value #FOLDS} - 1 folds. It is given the truth of those, so it is an upper guess at what length and duration tell.
     */
    public static PrecisionRecall blind(List<LabelledReflection> labelled) {
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
            int asked = i;
            int[] others = IntStream.range(0, truly.length)
                    .filter(j -> folds[j] != folds[asked])
                    .toArray();
            double[] distances = Arrays.stream(others)
                    .mapToDouble(j -> Math.hypot(lengths[j] - lengths[asked], durations[j] - durations[asked]))
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
        return PrecisionRecall.of(scores, truly);
    }

    private static double[] scaled(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double spread = Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(0));
        return Arrays.stream(values).map(v -> spread > 1e-9 ? v / spread : 0).toArray();
    }
}
