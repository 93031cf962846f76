package org.videotg.benchmarks.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.reply.LmmsEvalTimes;
import org.videotg.core.reply.TimeLensTimes;

/**
 * lmms-eval: the threshold itself counts, an unparsed reply scores 0, rows with the same video, query and truth are
 * one. In percent; 0 without a row. The task temporal_grounding_charades takes the pair of {@link LmmsEvalTimes},
 * reversed pairs exchanged. The tasks of TimeLens take the first pair of {@link TimeLensTimes}, neither rounded nor
 * exchanged; a row that raises (one without a reply) leaves the denominator. Source: EvolvingLMMs-Lab/lmms-eval
 * tasks/charades_sta/utils.py and tasks/timelens/utils.py.
 */
final class LmmsEvalProfile extends MetricProfile {
    private final boolean timeLens;

    /** @param timeLens whether the task is one of TimeLens, else that of Charades */
    LmmsEvalProfile(boolean timeLens) {
        super(
                timeLens ? "lmms-eval-timelens" : "lmms-eval-charades",
                timeLens
                        ? "IoU >= threshold; first pair as it is; unparsed 0; a row that raises leaves the denominator; percent"
                        : "IoU >= threshold; every \"to\" is a dash, first pair, reversed pairs exchanged; unparsed 0; percent");
        this.timeLens = timeLens;
    }

    @Override
    Score score(List<Pair> pairs) {
        List<Integer> kept =
                ProfileRows.last(pairs, row -> row.video() + ">>>" + row.query() + ">>>" + row.intervals());
        List<ScoredRow> rows = ProfileRows.rows(pairs, kept, this::row);
        List<Double> ious = ProfileRows.ious(rows, kept);
        int divisor = Math.max(1, ious.size());
        String prefix = timeLens ? "timelens_" : "charades_sta_";
        Map<String, Double> metrics = new LinkedHashMap<>();
        ScoredRow.THRESHOLDS.forEach(
                t -> metrics.put(prefix + "IOU@" + (int) (t * 10), ProfileRows.hits(rows, t) * 100.0 / divisor));
        metrics.put(prefix + "mIOU", Arithmetic.sum(ious) * 100 / divisor);
        return Score.of(this, ious.size(), metrics, rows);
    }

    private ScoredRow row(Pair pair) {
        Span truth = ProfileRows.truths(this, pair).get(0);
        PredictedRow prediction = pair.prediction();
        if (timeLens && prediction.reply() == null && prediction.spans() == null) {
            return ScoredRow.leftOut(pair, List.of()).noted("no reply: the row leaves the denominator");
        }
        List<Span> read = ProfileRows.spans(this, prediction, timeLens ? TimeLensTimes::read : LmmsEvalTimes::read);
        if (read.isEmpty()) {
            return ScoredRow.unparsed(pair);
        }
        Span first = read.get(0);
        Span used = timeLens || first.end() > first.start() ? first : first.swapped();
        return ScoredRow.scored(pair, List.of(used), iou(truth, used));
    }

    /** IoU over the hull; 0 where the hull is not positive. */
    private static double iou(Span truth, Span used) {
        double hull = Overlap.hull(used, truth);
        return hull <= 0 ? 0 : Math.max(0, Overlap.intersection(used, truth)) / hull;
    }
}
