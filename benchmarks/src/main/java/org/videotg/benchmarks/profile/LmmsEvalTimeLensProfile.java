package org.videotg.benchmarks.profile;

import java.util.List;
import org.videotg.core.reply.TimeLensTimes;

/**
 * lmms-eval's timelens tasks: the first pair of {@link TimeLensTimes}, neither rounded nor exchanged; the
 * threshold itself counts; an unparsed reply scores 0, a row that raises (one without a reply) leaves the denominator. Rows
 * with the same video, query and truth are one. In percent. Source: EvolvingLMMs-Lab/lmms-eval tasks/timelens/utils.py.
 */
public record LmmsEvalTimeLensProfile() implements MetricProfile {
    @Override
    public String name() {
        return "lmms-eval-timelens";
    }

    @Override
    public String convention() {
        return "IoU >= threshold; first pair as it is; unparsed 0; a row that raises leaves the denominator; percent";
    }

    @Override
    public Score score(List<Pair> pairs) {
        List<Integer> kept = ProfileRows.last(pairs, LmmsEvalCharadesProfile::key);
        return LmmsEvalCharadesProfile.score(this, "timelens_", kept, ProfileRows.rows(pairs, kept, this::row));
    }

    private ScoredRow row(Pair pair) {
        Span truth = ProfileRows.truth(this, pair.truth());
        PredictedRow prediction = pair.prediction();
        if (prediction.reply() == null && prediction.spans() == null) {
            return ScoredRow.leftOut(pair, List.of(), "no reply: the row leaves the denominator");
        }
        List<Span> read = ProfileRows.spans(this, prediction, TimeLensTimes::read);
        return read.isEmpty()
                ? ScoredRow.unparsed(pair, null)
                : ScoredRow.reaching(pair, List.of(read.get(0)), LmmsEvalCharadesProfile.iou(truth, read.get(0)), null);
    }
}
