package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.io.InputException;

/**
 * ReXTime: mIoU and R1 of the first window in percent with two decimals, accuracy ({@code VQA}) and "right answer and
 * IoU at least the threshold" ({@code VQA,mIoU@0.5}) as fractions. Every annotated row needs a prediction. What the
 * first prediction holds, windows, answers or both, decides what is scored. Source: ReXTime/ReXTime
 * evaluation/rextime_eval.py.
 */
final class RexTimeProfile extends MetricProfile {
    private static final double FIRST = 0.3;
    private static final double STEP = 0.05;
    private static final int STEPS = 14;

    RexTimeProfile() {
        super(
                "rextime",
                "IoU >= threshold against the best truth, percent; accuracy and \"right and IoU >= 0.5\" as fractions");
    }

    @Override
    Score score(List<Pair> pairs) {
        ProfileRows.identicalSets(this, pairs);
        int n = Score.atLeastOne(this, pairs.size());
        boolean answers = pairs.get(0).prediction().choice().answer() != null;
        boolean windows = !answers || pairs.get(0).prediction().spans() != null;
        List<ScoredRow> rows =
                pairs.stream().map(pair -> row(pair, windows, answers)).toList();
        Map<String, Double> brief = new LinkedHashMap<>();
        Map<String, Double> rest = new LinkedHashMap<>();
        if (answers) {
            brief.put("VQA", (double) rows.stream().filter(ScoredRow::right).count() / n);
        }
        if (windows) {
            windows(rows, brief, rest);
        }
        if (answers && windows) {
            for (double threshold : ScoredRow.THRESHOLDS) {
                double both = rows.stream()
                        .filter(row -> row.right() && row.iou() >= threshold)
                        .count();
                (threshold == 0.5 ? brief : rest).put("VQA,mIoU@" + threshold, both / n);
            }
        }
        rest.forEach(brief::putIfAbsent);
        return Score.of(this, n, brief, rows);
    }

    private static void windows(List<ScoredRow> rows, Map<String, Double> brief, Map<String, Double> rest) {
        List<Double> ious = new ArrayList<>(rows.stream().map(ScoredRow::iou).toList());
        brief.put("MR-full-mIoU", Arithmetic.fixed(Arithmetic.numpy(ious) * 100, 2));
        IntStream.range(0, STEPS)
                .mapToDouble(i -> Arithmetic.fixed(FIRST + i * STEP, 2))
                .forEach(threshold -> {
                    double hits = ious.stream().filter(iou -> iou >= threshold).count();
                    (threshold == 0.3 || threshold == 0.5 ? brief : rest)
                            .put("MR-full-R1@" + threshold, Arithmetic.fixed(hits / ious.size() * 100, 2));
                });
    }

    private ScoredRow row(Pair pair, boolean windows, boolean answers) {
        ScoredRow row = ScoredRow.scored(pair, List.of(), 0);
        if (windows) {
            var spans = ProfileRows.spans(this, pair);
            row = spans.isEmpty()
                    ? ScoredRow.unparsed(pair)
                    : ScoredRow.scored(
                            pair,
                            List.of(spans.get(0)),
                            Overlap.iouWithBest(spans.get(0), ProfileRows.truths(this, pair)));
        }
        if (answers && pair.annotation().answer() == null) {
            throw new InputException("row \"" + pair.id()
                    + "\" has no right answer, and the predictions are answers; give "
                    + "annotations with answers");
        }
        return answers
                ? row.answered(pair.annotation()
                        .answer()
                        .equals(pair.prediction().choice().answer()))
                : row;
    }
}
