package org.videotg.benchmarks.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.reply.NumberPairs;

/**
 * Time-R1: a threshold must be exceeded, nothing is clamped or rounded, an unparsed reply scores 0. A prediction and a
 * truth that are the same point have IoU 0/0, which makes mIoU and avg NaN. In percent. Source: xiaomi-research/time-r1
 * src/vllm_inference/eval_all.py.
 */
final class TimeR1Profile extends MetricProfile {
    TimeR1Profile() {
        super(
                "timer1",
                "IoU > threshold; unparsed 0; last \"a to b\" of the whole reply; avg = mean(mIoU, R@0.3, R@0.5, R@0.7); percent");
    }

    @Override
    Score score(List<Pair> pairs) {
        List<Integer> kept = ProfileRows.last(pairs, Annotation::id);
        int n = Score.atLeastOne(this, kept.size());
        List<ScoredRow> rows = ProfileRows.rows(pairs, kept, this::row);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("mIoU", Arithmetic.numpy(ProfileRows.ious(rows, kept)) * 100);
        ScoredRow.THRESHOLDS.forEach(t -> metrics.put(t.toString(), (double) ProfileRows.hits(rows, t) / n * 100));
        metrics.put("avg", Arithmetic.sum(List.copyOf(metrics.values())) / metrics.size());
        return Score.of(this, n, metrics, rows);
    }

    private ScoredRow row(Pair pair) {
        Span truth = ProfileRows.truths(this, pair).get(0);
        List<Span> read = ProfileRows.spans(this, pair.prediction(), NumberPairs::lastWords);
        if (read.isEmpty()) {
            return ScoredRow.unparsed(pair);
        }
        Span used = read.get(0);
        double iou = Math.max(0, Overlap.intersection(used, truth)) / Math.max(0, Overlap.hull(used, truth));
        return ScoredRow.scored(pair, ScoredRow.Match.of(List.of(used), iou, threshold -> iou > threshold))
                .noted(Double.isNaN(iou) ? "prediction and truth are one point: IoU 0/0" : null);
    }
}
