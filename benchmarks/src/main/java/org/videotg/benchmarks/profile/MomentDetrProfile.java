package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.videotg.benchmarks.profile.Pairing.Pair;

/**
 * QVHighlights by moment_detr's evaluator: mAP over the thresholds 0.5, 0.55, ..., 0.95 of the first ten predicted
 * windows, averaged over queries, and R1 of the first window against the best truth; for all truths and for those of a
 * length in (0, 10], (10, 30] and (30, 150] seconds, with the queries that have one. Highlights: {@link Highlights}.
 * Percent with two decimals. The brief metrics have the original's names; the others are named alike ({@code
 * MR-short-mAP@0.55} is {@code short / MR-mAP / 0.55} there). Where the original stops: a query without a predicted
 * window has AP 0 and IoU 0. Windows without scores keep their order. Source: jayleicn/moment_detr
 * standalone_eval/eval.py, and its copies: {@link Evaluator}.
 */
final class MomentDetrProfile extends MetricProfile {
    private static final int TOP = 10;
    private static final List<Double> THRESHOLDS = List.of(0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95);
    private static final List<Double> FROM_LOW =
            Stream.concat(Stream.of(0.3, 0.35, 0.4, 0.45), THRESHOLDS.stream()).toList();
    private static final int FIVE = 5;

    /** Whose copy of the evaluator. */
    enum Evaluator {
        /** jayleicn/moment_detr, which stops where a range of lengths has no truth. */
        MOMENT_DETR(
                "moment-detr",
                THRESHOLDS,
                List.of(),
                150,
                EmptyRange.NOT_A_NUMBER,
                List.of(
                        "full-R1@0.5",
                        "full-R1@0.7",
                        "full-mAP",
                        "full-mAP@0.5",
                        "full-mAP@0.75",
                        "long-mAP",
                        "middle-mAP",
                        "short-mAP")),
        /** wjun0830/CGDETR: R1 from 0.3 on and the mean IoU of the first window. */
        CG_DETR(
                "cg-detr",
                FROM_LOW,
                List.of(),
                150,
                EmptyRange.ZERO,
                List.of(
                        "full-R1@0.3",
                        "full-R1@0.5",
                        "full-R1@0.7",
                        "full-mAP",
                        "full-mAP@0.5",
                        "full-mAP@0.75",
                        "full-mIoU",
                        "long-mAP",
                        "middle-mAP",
                        "short-mAP")),
        /**
         * yeliudev/VideoMind videomind/eval/eval_qvhighlights.py, made of showlab/UniVTG eval/eval.py: also R5, a long
         * truth may have any length, and highlights are left out where the annotations have none.
         */
        VIDEOMIND(
                "videomind-qvhighlights",
                FROM_LOW,
                FROM_LOW,
                Double.POSITIVE_INFINITY,
                EmptyRange.ALL_TRUTHS,
                List.of(
                        "full-R1@0.3",
                        "full-R1@0.5",
                        "full-R1@0.7",
                        "full-R5@0.3",
                        "full-R5@0.5",
                        "full-R5@0.7",
                        "full-mAP",
                        "full-mAP@0.5",
                        "full-mAP@0.75",
                        "full-mIoU",
                        "long-mAP",
                        "long-mIoU",
                        "middle-mAP",
                        "middle-mIoU",
                        "short-mAP",
                        "short-mIoU"));

        private final String label;
        private final List<Double> atOne;
        private final List<Double> atFive;
        private final List<Range> ranges;
        private final EmptyRange empty;
        private final List<String> brief;

        Evaluator(
                String label,
                List<Double> atOne,
                List<Double> atFive,
                double longest,
                EmptyRange empty,
                List<String> brief) {
            this.label = label;
            this.atOne = atOne;
            this.atFive = atFive;
            this.ranges = List.of(
                    new Range("full", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
                    new Range("short", 0, 10),
                    new Range("middle", 10, 30),
                    new Range("long", 30, longest));
            this.empty = empty;
            this.brief = brief;
        }

        private boolean meanIou() {
            return this != MOMENT_DETR;
        }
    }

    /** The metrics of a range of lengths without a truth. */
    private enum EmptyRange {
        /** The original stops; here every metric of the range is NaN. */
        NOT_A_NUMBER,
        /** mAP is 0, and there are no other metrics of the range. */
        ZERO,
        /** All truths are in its place. */
        ALL_TRUTHS
    }

    private record Range(String name, double above, double upTo) {
        boolean holds(Span truth) {
            return truth.end() - truth.start() > above && truth.end() - truth.start() <= upTo;
        }
    }

    /** A query with the truths of one range. */
    private record Query(PredictedRow prediction, List<Span> truths) {}

    private final Evaluator evaluator;

    MomentDetrProfile(Evaluator evaluator) {
        super(
                evaluator.label,
                "mAP@.5:.05:.95 of the top 10 windows; R1" + (evaluator.atFive.isEmpty() ? "" : ", R5")
                        + (evaluator.meanIou() ? " and mIoU " : " ")
                        + "against the best truth, IoU >= threshold; by length; highlights; percent");
        this.evaluator = evaluator;
    }

    @Override
    Score score(List<Pair> pairs) {
        ProfileRows.identicalSets(this, pairs);
        Score.atLeastOne(this, pairs.size());
        Map<String, Double> all = new LinkedHashMap<>();
        List<ScoredRow> rows = pairs.stream().map(this::row).toList();
        for (Range range : evaluator.ranges) {
            List<Query> queries = queries(pairs, range);
            if (!queries.isEmpty() || evaluator.empty == EmptyRange.NOT_A_NUMBER) {
                moments(range, queries, all);
            } else if (evaluator.empty == EmptyRange.ZERO) {
                all.put("MR-" + range.name() + "-mAP", 0.0);
            } else {
                moments(range, queries(pairs, evaluator.ranges.get(0)), all);
            }
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        evaluator.brief.forEach(name -> metrics.put("MR-" + name, all.get("MR-" + name)));
        boolean highlights = evaluator != Evaluator.VIDEOMIND || Highlights.isAnnotated(pairs.get(0));
        if (pairs.get(0).prediction().saliency() != null && highlights) {
            metrics.putAll(Highlights.score(this, pairs));
        }
        all.forEach(metrics::putIfAbsent);
        return Score.of(this, pairs.size(), metrics, rows);
    }

    private static List<Query> queries(List<Pair> pairs, Range range) {
        return pairs.stream()
                .map(pair -> new Query(
                        pair.prediction(),
                        pair.truths().stream().filter(range::holds).toList()))
                .filter(query -> !query.truths().isEmpty())
                .toList();
    }

    private ScoredRow row(Pair pair) {
        List<Span> truths = ProfileRows.truths(this, pair);
        List<Span> windows = ProfileRows.spans(this, pair);
        return windows.isEmpty()
                ? ScoredRow.unparsed(pair).noted("no window: AP 0")
                : ScoredRow.scored(pair, List.of(windows.get(0)), Overlap.iouWithBest(windows.get(0), truths));
    }

    private void moments(Range range, List<Query> queries, Map<String, Double> all) {
        List<List<Double>> precisions =
                queries.stream().map(MomentDetrProfile::precisions).toList();
        List<Double> means = new ArrayList<>();
        for (int t = 0; t < THRESHOLDS.size(); t++) {
            int at = t;
            double mean =
                    Arithmetic.sum(precisions.stream().map(of -> of.get(at)).toList()) / queries.size();
            means.add(mean);
            all.put("MR-" + range.name() + "-mAP@" + THRESHOLDS.get(t), percent(mean));
        }
        all.put("MR-" + range.name() + "-mAP", percent(Arithmetic.numpy(means)));
        double[] ious = ious(queries, 1);
        if (evaluator.meanIou()) {
            all.put(
                    "MR-" + range.name() + "-mIoU",
                    percent(Arithmetic.numpy(DoubleStream.of(ious).boxed().toList())));
        }
        recall(range.name() + "-R1", ious, evaluator.atOne, all);
        recall(range.name() + "-R5", evaluator.atFive.isEmpty() ? ious : ious(queries, FIVE), evaluator.atFive, all);
    }

    /** IoU of the best of the first windows of each query. */
    private static double[] ious(List<Query> queries, int first) {
        return queries.stream()
                .mapToDouble(query -> {
                    List<Span> windows = query.prediction().spans();
                    return windows.isEmpty()
                            ? 0
                            : first == 1
                                    ? Overlap.iouWithBest(windows.get(0), query.truths())
                                    : Overlap.iouOfBest(
                                            windows.subList(0, Math.min(first, windows.size())), query.truths());
                })
                .toArray();
    }

    private static void recall(String name, double[] ious, List<Double> thresholds, Map<String, Double> all) {
        for (double threshold : thresholds) {
            double hits = IntStream.range(0, ious.length)
                    .filter(i -> ious[i] >= threshold)
                    .count();
            all.put("MR-" + name + "@" + threshold, percent(hits / ious.length));
        }
    }

    private static List<Double> precisions(Query query) {
        PredictedRow.Windows windows = query.prediction().windows();
        int top = Math.min(TOP, windows.spans().size());
        List<Double> scores =
                windows.scores().isEmpty() ? List.of() : windows.scores().subList(0, top);
        return AveragePrecision.ofIntervals(
                query.truths(), AveragePrecision.rank(windows.spans().subList(0, top), scores), THRESHOLDS);
    }

    private static double percent(double share) {
        return Arithmetic.fixed(100 * share, 2);
    }
}
