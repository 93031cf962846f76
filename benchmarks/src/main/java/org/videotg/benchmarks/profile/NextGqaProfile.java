package org.videotg.benchmarks.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.io.InputException;

/**
 * NExT-GQA: IoU and IoP of the first interval, each against the truth that is best for it; the threshold itself counts;
 * Acc&amp;GQA is "answer right and IoP at least 0.5"; questions without a prediction are left out. A prediction that is
 * a point has IoU 0, and IoP 1 if it lies inside a truth. Percent with one decimal; Acc (of eval_next.py, over the same
 * questions) with two. Without answers the original prints an Acc&amp;GQA of 0.0, which is left out here. Source:
 * doc-doc/NExT-GQA code/TempGQA/eval_ground.py.
 */
final class NextGqaProfile extends MetricProfile {
    private static final double GQA = 0.5;

    private final boolean fractions;

    /**
     * @param fractions whether predictions are fractions of the duration, as NExT-GQA's files of Gaussian masks have
     * them; they become seconds with one decimal
     */
    NextGqaProfile(boolean fractions) {
        super(
                "nextgqa",
                "IoU and IoP >= threshold, each against its best truth; Acc&GQA: right and IoP >= 0.5; percent, one decimal");
        this.fractions = fractions;
    }

    private record Grounded(ScoredRow scored, double iop) {}

    @Override
    Score score(List<Pair> pairs) {
        List<Grounded> all = pairs.stream().map(this::row).toList();
        List<Grounded> rows = all.stream().filter(row -> row.scored().counts()).toList();
        int n = Score.atLeastOne(this, rows.size());
        boolean answers = rows.stream().anyMatch(row -> row.scored().right() != null);
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (answers) {
            metrics.put(
                    "Acc&GQA",
                    percent(
                            rows.stream()
                                    .filter(row -> right(row) && row.iop() >= GQA)
                                    .count(),
                            n,
                            1));
        }
        overlap(metrics, "IoP", rows, Grounded::iop);
        overlap(metrics, "IoU", rows, row -> row.scored().iou());
        if (answers) {
            metrics.put(
                    "Acc", percent(rows.stream().filter(NextGqaProfile::right).count(), n, 2));
        }
        return Score.of(this, n, metrics, all.stream().map(Grounded::scored).toList());
    }

    private static void overlap(
            Map<String, Double> metrics, String name, List<Grounded> rows, ToDoubleFunction<Grounded> of) {
        List<Double> values = rows.stream().map(of::applyAsDouble).toList();
        metrics.put("m" + name, Arithmetic.fixed(Arithmetic.sum(values) / rows.size() * 100, 1));
        for (double threshold : List.of(0.3, 0.5)) {
            metrics.put(
                    "T" + name + "@" + threshold,
                    percent(values.stream().filter(v -> v >= threshold).count(), rows.size(), 1));
        }
    }

    private static boolean right(Grounded row) {
        return Boolean.TRUE.equals(row.scored().right());
    }

    private static double percent(long part, int of, int digits) {
        return Arithmetic.fixed((double) part / of * 100, digits);
    }

    private Grounded row(Pair pair) {
        PredictedRow prediction = pair.prediction();
        if (prediction == null || (prediction.spans() == null && prediction.reply() == null)) {
            return new Grounded(ScoredRow.missing(pair), 0);
        }
        Boolean right = ProfileRows.right(pair);
        List<Span> spans = ProfileRows.spans(this, pair);
        if (spans.isEmpty()) {
            return new Grounded(ScoredRow.unparsed(pair).answered(right), 0);
        }
        Span used = fractions ? inSeconds(pair, spans.get(0)) : spans.get(0);
        List<Span> truths = ProfileRows.truths(this, pair);
        double iou =
                truths.stream().mapToDouble(truth -> iou(truth, used)).max().orElse(0);
        double iop =
                truths.stream().mapToDouble(truth -> iop(truth, used)).max().orElse(0);
        return new Grounded(
                ScoredRow.scored(pair, List.of(used), Math.max(0, iou)).answered(right), Math.max(0, iop));
    }

    private static double iou(Span truth, Span used) {
        double hull = Overlap.hull(truth, used);
        return used.start() == used.end() || !(hull > 0) ? 0 : Overlap.intersection(truth, used) / hull;
    }

    private static double iop(Span truth, Span used) {
        if (used.start() == used.end()) {
            return truth.start() <= used.start() && used.start() <= truth.end() ? 1 : 0;
        }
        return used.end() > used.start() ? Overlap.intersection(truth, used) / (used.end() - used.start()) : 0;
    }

    private static Span inSeconds(Pair pair, Span fraction) {
        Double duration = pair.duration();
        if (duration == null) {
            throw new InputException("row \"" + pair.id()
                    + "\" has no duration, of which its prediction is a fraction; give "
                    + "annotations with durations");
        }
        return new Span(
                Math.rint(fraction.start() * duration * 10) / 10, Math.rint(fraction.end() * duration * 10) / 10);
    }
}
