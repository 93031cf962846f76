package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.reply.GlueTimes;
import org.videotg.core.reply.Tags;

/**
 * VideoChat-R1. Grounding is scored as by {@link TimeZeroProfile}. Rows with a right option are grounded questions: the
 * option's letter from {@code <answer>}, intervals from {@code <glue>}, both sides merged before their IoU. Two
 * oddities of the original are kept: a {@code <glue>} that is no list has the IoU of the row before, and before the
 * first IoU its row is not written down; two empty sides have IoU 1. The original prints the last row only; metrics
 * here are means over the rows it writes down, as fractions. Source: OpenGVLab/VideoChat-R1
 * src_eval/evaluate_grounding.py and evaluate_gqa.py.
 */
final class VideoChatR1Profile extends MetricProfile {
    VideoChatR1Profile() {
        super(
                "videochat-r1",
                "grounding as timezero; grounded questions: merged intervals, a <glue> that is no list repeats the IoU "
                        + "before; fractions");
    }

    @Override
    Score score(List<Pair> pairs) {
        boolean questions = pairs.stream().anyMatch(pair -> pair.annotation().answer() != null);
        return questions ? questions(pairs) : TimeZeroProfile.score(this, pairs);
    }

    private Score questions(List<Pair> pairs) {
        List<ScoredRow> rows = new ArrayList<>();
        Double before = null;
        for (Pair pair : pairs) {
            ScoredRow row = pair.prediction() == null ? ScoredRow.missing(pair) : question(pair, before);
            before = row.counts() ? Double.valueOf(row.iou()) : before;
            rows.add(row);
        }
        List<ScoredRow> counted = rows.stream().filter(ScoredRow::counts).toList();
        int n = Score.atLeastOne(this, counted.size());
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("mIoU", Arithmetic.sum(counted.stream().map(ScoredRow::iou).toList()) / n);
        metrics.put(
                "accuracy", (double) counted.stream().filter(ScoredRow::right).count() / n);
        return Score.of(this, n, metrics, rows);
    }

    private ScoredRow question(Pair pair, Double before) {
        PredictedRow prediction = pair.prediction();
        Optional<List<Span>> spans = Optional.ofNullable(prediction.spans());
        Optional<String> answer = Optional.ofNullable(prediction.choice().answer());
        boolean tagged = true;
        if (prediction.reply() != null) {
            Optional<String> glue = Tags.first(prediction.reply(), "glue");
            tagged = glue.isPresent();
            spans = glue.flatMap(GlueTimes::pairs).map(ProfileRows::spans);
            answer = Tags.first(prediction.reply(), "answer");
        }
        boolean right = answer.map(GlueTimes::letter)
                .filter(GlueTimes.letter(pair.annotation().answer())::equals)
                .isPresent();
        if (spans.isPresent()) {
            return ScoredRow.scored(pair, spans.get(), Overlap.merged(spans.get(), pair.truths()))
                    .answered(right);
        }
        if (!tagged) {
            return ScoredRow.unparsed(pair).answered(right);
        }
        return before == null
                ? ScoredRow.leftOut(pair, List.of()).noted("the first <glue> is no list: the row is not written down")
                : ScoredRow.scored(pair, List.of(), before)
                        .asUnparsed()
                        .answered(right)
                        .noted("<glue> is no list: the IoU of the row before");
    }
}
