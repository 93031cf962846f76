package org.videotg.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Grounding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.RankedMoment;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/**
 * How often the first moment of {@code ground --top} is right at each confidence:
 * {@code TopCalibration DATA MODEL REPLIES}. Right is an IoU of at least 0.5 with the annotation. ECE is the mean distance
 * between confidence and share of right ones over ten bins, weighted by their samples.
 */
public final class TopCalibration {
    private static final int BINS = 10;

    private TopCalibration() {}

    private record Judged(double confidence, double iou) {
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
                arguments[1],
                Optional.empty(),
                java.util.Map.of(),
                data.resolveSibling("features"),
                "cpu",
                "float32",
                java.util.Map.of()));
        List<Judged> judged = new ArrayList<>();
        double greedy = 0;
        try (Mllm mllm = handle.open()) {
            for (Sample sample : Samples.read(data)) {
                Grounding.Query query =
                        new Grounding.Query(Samples.video(data, sample), sample.query(), List.of(), prompt, 96);
                List<RankedMoment> ranked = Grounding.ranked(mllm, query, new Decoding(replies, 1, 96, 0), 1);
                judged.add(
                        ranked.isEmpty()
                                ? new Judged(0, 0)
                                : new Judged(
                                        ranked.get(0).confidence(),
                                        ReplyScores.iou(
                                                sample.intervals(),
                                                List.of(ranked.get(0).interval()))));
                greedy += ReplyScores.iou(
                        sample.intervals(), Grounding.of(handle, mllm, query).intervals());
            }
        }
        double error = 0;
        System.out.println("| confidence | samples | mean confidence | right |");
        System.out.println("|---|---|---|---|");
        for (int bin = 0; bin < BINS; bin++) {
            int at = bin;
            List<Judged> in = judged.stream()
                    .filter(one -> Math.min(BINS - 1, (int) Math.ceil(one.confidence() * BINS) - 1) == at
                            || (at == 0 && one.confidence() == 0))
                    .toList();
            if (!in.isEmpty()) {
                double confidence =
                        in.stream().mapToDouble(Judged::confidence).average().orElseThrow();
                double right = in.stream().filter(Judged::right).count() / (double) in.size();
                error += Math.abs(confidence - right) * in.size() / judged.size();
                System.out.printf(
                        Locale.ROOT,
                        "| %.1f to %.1f | %d | %.3f | %.3f |%n",
                        bin / (double) BINS,
                        (bin + 1) / (double) BINS,
                        in.size(),
                        confidence,
                        right);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d samples, %d replies each: ECE %.3f, right %.3f, mIoU of the first moment %.3f, of the greedy reply %.3f%n",
                judged.size(),
                replies,
                error,
                judged.stream().filter(Judged::right).count() / (double) judged.size(),
                judged.stream().mapToDouble(Judged::iou).average().orElse(0),
                greedy / judged.size());
    }
}
