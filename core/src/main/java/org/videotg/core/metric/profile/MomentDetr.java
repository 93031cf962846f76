package org.videotg.core.metric.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.videotg.core.metric.profile.arithmetic.Decimals;
import org.videotg.core.metric.profile.arithmetic.Means;
import org.videotg.core.metric.profile.detection.IntervalPrecision;
import org.videotg.core.metric.profile.row.Pair;
import org.videotg.core.metric.profile.row.PredictedRow;
import org.videotg.core.metric.profile.row.Span;

/**
 * QVHighlights by moment_detr's evaluator: mAP over the thresholds 0.5, 0.55, ..., 0.95 of the first ten predicted windows,
 * averaged over queries, and R1 of the first window against the best truth; for all truths and for those of a length in (0,
 * 10], (10, 30] and (30, 150] seconds, with the queries that have one. Highlights: {@link Highlights}. Percent with two
 * decimals. The brief metrics have the original's names; the others are named alike ({@code MR-short-mAP@0.55} is {@code short
 * / MR-mAP / 0.55} there). Where the original stops: a query without a predicted window has AP 0 and IoU 0, a range without a
 * truth is NaN. Windows without scores keep their order. Source: jayleicn/moment_detr standalone_eval/eval.py. CG-DETR's copy
 * of it (wjun0830/CGDETR) has R1 from 0.3 on and the mean IoU of the first window besides.
 */
public record MomentDetr(Evaluator evaluator) implements MetricProfile {
    private static final int TOP = 10;
    private static final List<Double> THRESHOLDS = List.of(0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95);
    private static final List<Double> LOW_THRESHOLDS = List.of(0.3, 0.35, 0.4, 0.45);
    private static final List<Range> RANGES = List.of(new Range("full", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
            new Range("short", 0, 10), new Range("middle", 10, 30), new Range("long", 30, 150));

    /** Whose copy of the evaluator. */
    public enum Evaluator {
        MOMENT_DETR("moment-detr", THRESHOLDS, List.of("full-R1@0.5", "full-R1@0.7", "full-mAP", "full-mAP@0.5",
                "full-mAP@0.75", "long-mAP", "middle-mAP", "short-mAP")),
        CG_DETR("cg-detr", Stream.concat(LOW_THRESHOLDS.stream(), THRESHOLDS.stream()).toList(), List.of("full-R1@0.3",
                "full-R1@0.5", "full-R1@0.7", "full-mAP", "full-mAP@0.5", "full-mAP@0.75", "full-mIoU", "long-mAP",
                "middle-mAP", "short-mAP"));

        private final String label;
        private final List<Double> recallThresholds;
        private final List<String> brief;

        Evaluator(String label, List<Double> recallThresholds, List<String> brief) {
            this.label = label;
            this.recallThresholds = recallThresholds;
            this.brief = brief;
        }
    }

    private record Range(String name, double above, double upTo) {
        boolean holds(Span truth) {
            return truth.end() - truth.start() > above && truth.end() - truth.start() <= upTo;
        }
    }

    /** A query with the truths of one range. */
    private record Query(PredictedRow prediction, List<Span> truths) {}

    @Override
    public String name() {
        return evaluator.label;
    }

    @Override
    public String convention() {
        return "mAP@.5:.05:.95 of the top 10 windows; R1 " + (evaluator == Evaluator.CG_DETR ? "and mIoU " : "")
                + "against the best truth, IoU >= threshold; by length; highlights; percent";
    }

    @Override
    public Score score(List<Pair> pairs) {
        Reading.identicalSets(this, pairs);
        Score.atLeastOne(this, pairs.size());
        Map<String, Double> all = new LinkedHashMap<>();
        List<ScoredRow> rows = pairs.stream().map(this::row).toList();
        for (Range range : RANGES) {
            List<Query> queries = pairs.stream().map(pair -> new Query(pair.prediction(),
                    pair.truth().spans().stream().filter(range::holds).toList())).filter(query -> !query.truths().isEmpty())
                            .toList();
            moments(range, queries, all);
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        evaluator.brief.forEach(name -> metrics.put("MR-" + name, all.get("MR-" + name)));
        if (pairs.get(0).prediction().saliency() != null) {
            metrics.putAll(Highlights.score(this, pairs));
        }
        all.forEach(metrics::putIfAbsent);
        return Score.of(this, pairs.size(), metrics, rows);
    }

    private ScoredRow row(Pair pair) {
        List<Span> truths = Reading.truths(this, pair.truth());
        List<Span> windows = Reading.spans(this, pair);
        return windows.isEmpty() ? ScoredRow.unparsed(pair, "no window: AP 0")
                : ScoredRow.reaching(pair, List.of(windows.get(0)), BestTruth.iou(windows.get(0), truths), null);
    }

    private void moments(Range range, List<Query> queries, Map<String, Double> all) {
        List<List<Double>> precisions = queries.stream().map(MomentDetr::precisions).toList();
        List<Double> means = new ArrayList<>();
        for (int t = 0; t < THRESHOLDS.size(); t++) {
            int at = t;
            double mean = Means.sum(precisions.stream().map(of -> of.get(at)).toList()) / queries.size();
            means.add(mean);
            all.put("MR-" + range.name() + "-mAP@" + THRESHOLDS.get(t), percent(mean));
        }
        all.put("MR-" + range.name() + "-mAP", percent(Means.numpy(means)));
        double[] ious = queries.stream().mapToDouble(query -> query.prediction().spans().isEmpty() ? 0
                : BestTruth.iou(query.prediction().spans().get(0), query.truths())).toArray();
        if (evaluator == Evaluator.CG_DETR) {
            all.put("MR-" + range.name() + "-mIoU", percent(Means.numpy(DoubleStream.of(ious).boxed().toList())));
        }
        for (double threshold : evaluator.recallThresholds) {
            double hits = IntStream.range(0, ious.length).filter(i -> ious[i] >= threshold).count();
            all.put("MR-" + range.name() + "-R1@" + threshold, percent(hits / ious.length));
        }
    }

    private static List<Double> precisions(Query query) {
        PredictedRow prediction = query.prediction();
        int top = Math.min(TOP, prediction.spans().size());
        List<Double> scores = prediction.scores().isEmpty() ? List.of() : prediction.scores().subList(0, top);
        return IntervalPrecision.of(query.truths(), IntervalPrecision.rank(prediction.spans().subList(0, top), scores),
                THRESHOLDS);
    }

    private static double percent(double share) {
        return Decimals.fixed(100 * share, 2);
    }
}
