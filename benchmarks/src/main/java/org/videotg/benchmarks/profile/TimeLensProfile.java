package org.videotg.benchmarks.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.reply.TimeLensTimes;

/**
 * TimeLensProfile: the first pair of {@link TimeLensTimes}, rounded to whole seconds, half to even; an unparsed reply
 * becomes [duration + 10, duration + 20]; the threshold itself counts; start >= end scores 0. Rows with the same video,
 * query and truth are one. In percent. The original stops where prediction and truth are one point, or a number is too
 * large to be rounded; here such a row scores 0. Source: TencentARC/TimeLens evaluation/eval_dataloader.py (rounding)
 * and compute_metrics.py.
 */
final class TimeLensProfile extends MetricProfile {
    private static final double LATE_START = 10;
    private static final double LATE_END = 20;

    TimeLensProfile() {
        super(
                "timelens",
                "IoU >= threshold; first pair, rounded to whole seconds (half to even); unparsed is [D+10, D+20]; percent");
    }

    @Override
    Score score(List<Pair> pairs) {
        List<Integer> kept = ProfileRows.last(
                pairs,
                row -> Pairing.triple(
                        row.video(), row.query(), Span.of(row.intervals()).get(0)));
        int n = Score.atLeastOne(this, kept.size());
        List<ScoredRow> rows = ProfileRows.rows(pairs, kept, this::row);
        Map<String, Double> metrics = new LinkedHashMap<>();
        ScoredRow.THRESHOLDS.forEach(t -> metrics.put("IOU " + t, ProfileRows.hits(rows, t) * 100.0 / n));
        metrics.put("mIOU", Arithmetic.sum(ProfileRows.ious(rows, kept)) * 100 / n);
        return Score.of(this, n, metrics, rows);
    }

    private ScoredRow row(Pair pair) {
        Span truth = ProfileRows.truths(this, pair).get(0);
        List<Span> read = ProfileRows.spans(this, pair.prediction(), TimeLensTimes::read);
        boolean own = pair.prediction().isFinalFor(name());
        if (read.isEmpty()) {
            Double duration = own ? null : pair.duration();
            double iou = duration == null ? 0 : iou(truth, new Span(duration + LATE_START, duration + LATE_END));
            return ScoredRow.scored(pair, List.of(), iou).asUnparsed();
        }
        Span first = read.get(0);
        Span used = own ? first : new Span(Math.rint(first.start()), Math.rint(first.end()));
        if (!Double.isFinite(used.start()) || !Double.isFinite(used.end())) {
            return ScoredRow.unparsed(pair).noted("a number too large to be rounded");
        }
        return ScoredRow.scored(pair, List.of(used), iou(truth, used))
                .noted(used.equals(first) ? null : "rounded from " + first.title());
    }

    private static double iou(Span truth, Span used) {
        return Overlap.iouByHull(used, truth);
    }
}
