package org.videotg.benchmarks.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.reply.NumberPairs;

/**
 * TimeZero: the threshold itself counts, an unparsed reply scores 0, nothing is clamped or rounded. Where prediction
 * and truth span no time together, the original's division fails and the row leaves the denominator; where both are
 * reversed, IoU exceeds 1. As fractions. Source: www-Ye/Time-R1 evaluate.py.
 */
final class TimeZeroProfile extends MetricProfile {
    TimeZeroProfile() {
        super(
                "timezero",
                "IoU >= threshold; unparsed 0; last \"a to b\" of the whole reply; rows whose IoU is x/0 are left out; fractions");
    }

    @Override
    Score score(List<Pair> pairs) {
        return score(this, pairs);
    }

    /** The convention that TimeZero shares with VideoChat-R1. */
    static Score score(MetricProfile profile, List<Pair> pairs) {
        List<Integer> all = IntStream.range(0, pairs.size())
                .filter(i -> pairs.get(i).prediction() != null)
                .boxed()
                .toList();
        List<ScoredRow> rows = ProfileRows.rows(pairs, all, pair -> row(profile, pair));
        List<Double> ious = ProfileRows.ious(rows, all);
        int n = Score.atLeastOne(profile, ious.size());
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("mIoU", Arithmetic.sum(ious) / n);
        ScoredRow.THRESHOLDS.forEach(t -> metrics.put("R@" + t, (double) ProfileRows.hits(rows, t) / n));
        return Score.of(profile, n, metrics, rows);
    }

    private static ScoredRow row(MetricProfile profile, Pair pair) {
        Span truth = ProfileRows.truths(profile, pair).get(0);
        List<Span> read = ProfileRows.spans(profile, pair.prediction(), NumberPairs::lastWords);
        if (read.isEmpty()) {
            return ScoredRow.unparsed(pair);
        }
        Span used = read.get(0);
        double hull = Overlap.hull(used, truth);
        if (hull == 0) {
            return ScoredRow.leftOut(pair, List.of(used)).noted("IoU x/0: the row leaves the denominator");
        }
        return ScoredRow.scored(pair, List.of(used), Math.max(0, Overlap.intersection(used, truth) / hull));
    }
}
