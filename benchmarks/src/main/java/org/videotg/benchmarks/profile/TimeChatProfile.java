package org.videotg.benchmarks.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.profile.Pairing.Pair;

/**
 * TimeChat's script for Charades-STA: the first predicted pair, the threshold itself counts, an empty prediction scores
 * 0, no mIoU. In percent of the annotated rows that have a prediction, which is the original's {@code --sample};
 * without it the original insists on one for every row. It stops where prediction and truth are one point; here such a
 * row scores 0. Source: RenShuhuai-Andy/TimeChat metrics/tvg/eval_tvg.py.
 */
final class TimeChatProfile extends MetricProfile {
    TimeChatProfile() {
        super(
                "timechat",
                "IoU >= threshold; first pair; empty 0; rows without a prediction are left out (--sample); percent");
    }

    @Override
    Score score(List<Pair> pairs) {
        List<Integer> kept = ProfileRows.last(pairs, Annotation::id);
        int n = Score.atLeastOne(this, kept.size());
        List<ScoredRow> rows = ProfileRows.rows(pairs, kept, this::row);
        Map<String, Double> metrics = new LinkedHashMap<>();
        ScoredRow.THRESHOLDS.forEach(t -> metrics.put("IOU " + t, ProfileRows.hits(rows, t) * 100.0 / n));
        return Score.of(this, n, metrics, rows);
    }

    private ScoredRow row(Pair pair) {
        Span truth = ProfileRows.truths(this, pair).get(0);
        List<Span> spans = ProfileRows.spans(this, pair);
        return spans.isEmpty()
                ? ScoredRow.unparsed(pair)
                : ScoredRow.scored(pair, List.of(spans.get(0)), Overlap.iouByHull(spans.get(0), truth));
    }
}
