package org.videotg.benchmarks.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.reply.LmmsEvalTimes;

/**
 * lmms-eval's task temporal_grounding_charades: the pair of {@link LmmsEvalTimes}, reversed pairs exchanged; the threshold itself
 * counts; an unparsed reply scores 0. Rows with the same video, query and truth are one. In percent. Source:
 * EvolvingLMMs-Lab/lmms-eval tasks/charades_sta/utils.py.
 */
public record LmmsEvalCharadesProfile() implements MetricProfile {
    @Override
    public String name() {
        return "lmms-eval-charades";
    }

    @Override
    public String convention() {
        return "IoU >= threshold; every \"to\" is a dash, first pair, reversed pairs exchanged; unparsed 0; percent";
    }

    @Override
    public Score score(List<Pair> pairs) {
        List<Integer> kept = ProfileRows.last(pairs, LmmsEvalCharadesProfile::key);
        return score(this, "charades_sta_", kept, ProfileRows.rows(pairs, kept, this::row));
    }

    /** The name of a row in lmms-eval's submissions. */
    static String key(Truth truth) {
        return truth.video() + ">>>" + truth.query() + ">>>" + truth.spans();
    }

    /** The metrics that both tasks of lmms-eval print; 0 without a row. */
    static Score score(MetricProfile profile, String prefix, List<Integer> kept, List<ScoredRow> rows) {
        List<Double> ious = ProfileRows.ious(rows, kept);
        int divisor = Math.max(1, ious.size());
        Map<String, Double> metrics = new LinkedHashMap<>();
        ScoredRow.THRESHOLDS.forEach(
                t -> metrics.put(prefix + "IOU@" + (int) (t * 10), ProfileRows.hits(rows, t) * 100.0 / divisor));
        metrics.put(prefix + "mIOU", Means.sum(ious) * 100 / divisor);
        return Score.of(profile, ious.size(), metrics, rows);
    }

    /** IoU over the hull; 0 where the hull is not positive. */
    static double iou(Span truth, Span used) {
        double hull = Overlap.hull(used, truth);
        return hull <= 0 ? 0 : Math.max(0, Overlap.intersection(used, truth)) / hull;
    }

    private ScoredRow row(Pair pair) {
        Span truth = ProfileRows.truth(this, pair.truth());
        List<Span> read = ProfileRows.spans(this, pair.prediction(), LmmsEvalTimes::read);
        if (read.isEmpty()) {
            return ScoredRow.unparsed(pair, null);
        }
        Span first = read.get(0);
        Span used = first.end() > first.start() ? first : first.swapped();
        return ScoredRow.reaching(pair, List.of(used), iou(truth, used), null);
    }
}
