package org.videotg.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.videotg.bench.Calibration.Pair;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.RankedMoment;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.Task;

/**
 * How often the first moment of {@code ground --top} is right at each confidence, and how other measures of confidence
 * compare: {@code TopCalibration DATA MODEL REPLIES}. Right is an IoU of at least 0.5 with the annotation. ECE is the mean
 * distance between confidence and share of right ones over ten bins, weighted by their samples. A measure is rescaled by
 * logistic regression on one half of the samples, the first, third, ..., and judged on the other, and the reverse.
 */
public final class TopCalibration {
    private static final int MAX_TOKENS = 96;
    private static final double LEAST = 1e-6;

    private TopCalibration() {}

    /**
     * A sample's first moment.
     *
     * @param agreement share of the replies that agree
     * @param tokens geometric mean of the probabilities of the tokens of these replies
     * @param reply mean probability of these replies
     */
    private record Judged(double agreement, double tokens, double reply, double iou) {
        boolean right() {
            return iou >= 0.5;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Program.run("TopCalibration DATA MODEL REPLIES", arguments, TopCalibration::run);
    }

    private static void run(String[] arguments) {
        Path data = Path.of(arguments[0]);
        int replies = Integer.parseInt(arguments[2]);
        PromptTemplate prompt = PromptTemplate.named("own");
        Backend.Handle handle = Backend.findModel(new Backend.Request(
                arguments[1], Optional.empty(), Map.of(), data.resolveSibling("features"), "cpu", "float32", Map.of()));
        List<Judged> judged = new ArrayList<>();
        double greedy = 0;
        try (Mllm mllm = handle.open()) {
            for (Sample sample : Samples.read(data)) {
                PromptTemplate.Text asked = prompt.grounding(sample.query());
                Question question =
                        new Question(VideoView.whole(Samples.video(data, sample)), asked.before(), asked.after());
                List<Reply> sampled = mllm.ask(question, new Decoding(replies, 1, MAX_TOKENS, 0).withAlternatives(0))
                        .replies();
                judged.add(judged(sample, prompt, sampled));
                greedy += ReplyScores.iou(
                        sample.intervals(),
                        intervals(
                                prompt,
                                mllm.ask(question, Decoding.greedy(MAX_TOKENS))
                                        .replies()
                                        .get(0)));
            }
        }
        table(pairs(judged, Judged::agreement));
        System.out.printf(
                Locale.ROOT,
                "%d samples, %d replies each: right %.3f, mIoU of the first moment %.3f, of the greedy reply %.3f%n",
                judged.size(),
                replies,
                judged.stream().filter(Judged::right).count() / (double) judged.size(),
                judged.stream().mapToDouble(Judged::iou).average().orElse(0),
                greedy / judged.size());
        System.out.println("| measure | ECE | ECE rescaled | AUROC |");
        System.out.println("|---|---|---|---|");
        compare("share of agreeing replies", judged, Judged::agreement);
        compare("probability of a token of these, geometric mean", judged, Judged::tokens);
        compare("probability of these replies, mean", judged, Judged::reply);
        compare("share times probability of a token", judged, one -> one.agreement() * one.tokens());
    }

    private static List<Interval> intervals(PromptTemplate prompt, Reply reply) {
        return prompt.read(Task.VTG, reply.text()).intervals().stream()
                .filter(interval -> !interval.isEmpty())
                .toList();
    }

    private static Judged judged(Sample sample, PromptTemplate prompt, List<Reply> replies) {
        List<List<Interval>> named =
                replies.stream().map(reply -> intervals(prompt, reply)).toList();
        List<RankedMoment> ranked = RankedMoment.of(named, 1);
        if (ranked.isEmpty()) {
            return new Judged(0, 0, 0, 0);
        }
        RankedMoment first = ranked.get(0);
        List<Reply> agreeing = IntStream.range(0, replies.size())
                .filter(i -> named.get(i).stream()
                        .anyMatch(span -> Intervals.iou(span, first.interval()) >= RankedMoment.SAME))
                .mapToObj(replies::get)
                .toList();
        return new Judged(
                first.confidence(),
                Math.exp(agreeing.stream()
                        .flatMap(reply -> reply.drawn().stream())
                        .mapToDouble(Reply.Drawn::logProb)
                        .average()
                        .orElse(Math.log(LEAST))),
                agreeing.stream()
                        .mapToDouble(reply -> Math.exp(reply.drawn().stream()
                                .mapToDouble(Reply.Drawn::logProb)
                                .sum()))
                        .average()
                        .orElse(0),
                ReplyScores.iou(sample.intervals(), List.of(first.interval())));
    }

    private static List<Pair> pairs(List<Judged> judged, ToDoubleFunction<Judged> measure) {
        return judged.stream()
                .map(one -> new Pair(measure.applyAsDouble(one), one.right()))
                .toList();
    }

    private static void compare(String name, List<Judged> judged, ToDoubleFunction<Judged> measure) {
        List<Pair> pairs = pairs(judged, measure);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f | %.3f |%n",
                name,
                new Calibration(pairs).error(),
                new Calibration(rescaled(pairs)).error(),
                new Calibration(pairs).auroc());
    }

    private static void table(List<Pair> pairs) {
        System.out.println("| confidence | samples | mean confidence | right |");
        System.out.println("|---|---|---|---|");
        new Calibration(pairs)
                .bins()
                .forEach(bin -> System.out.printf(
                        Locale.ROOT,
                        "| %.1f to %.1f | %d | %.3f | %.3f |%n",
                        bin.from(),
                        bin.to(),
                        bin.samples(),
                        bin.confidence(),
                        bin.right()));
    }

    private static List<Pair> rescaled(List<Pair> pairs) {
        double[][] maps = {fitted(half(pairs, 0)), fitted(half(pairs, 1))};
        return IntStream.range(0, pairs.size())
                .mapToObj(i -> new Pair(
                        logistic(maps[1 - i % 2], pairs.get(i).confidence()),
                        pairs.get(i).right()))
                .toList();
    }

    private static List<Pair> half(List<Pair> pairs, int odd) {
        return IntStream.range(0, pairs.size())
                .filter(i -> i % 2 == odd)
                .mapToObj(pairs::get)
                .toList();
    }

    private static double logit(double confidence) {
        double inside = Math.min(1 - 0.01, Math.max(LEAST, confidence));
        return Math.log(inside / (1 - inside));
    }

    private static double logistic(double[] map, double confidence) {
        return 1 / (1 + Math.exp(-map[0] - map[1] * logit(confidence)));
    }

    /** Offset and slope of a logistic regression on the logit of the confidence, by Newton's method. */
    private static double[] fitted(List<Pair> pairs) {
        double[] map = {0, 0};
        for (int round = 0; round < 50; round++) {
            double[] gradient = new double[2];
            double[] hessian = {1e-6, 0, 1e-6};
            for (Pair pair : pairs) {
                double x = logit(pair.confidence());
                double p = logistic(map, pair.confidence());
                double miss = (pair.right() ? 1 : 0) - p;
                gradient[0] += miss;
                gradient[1] += miss * x;
                hessian[0] += p * (1 - p);
                hessian[1] += p * (1 - p) * x;
                hessian[2] += p * (1 - p) * x * x;
            }
            double determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
            map[0] += (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
            map[1] += (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
        }
        return map;
    }
}
