package org.videotg.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.PairedBootstrap;
import org.videotg.benchmarks.metric.Prediction;

/**
 * Prints the differences between two evaluations on the same samples, with 95% intervals of a paired bootstrap:
 * {@code Compare EVAL OTHER}, two folders with predictions.
 */
public final class Compare {
    private static final int RESAMPLES = 5000;

    private Compare() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("Compare EVAL OTHER", arguments, Compare::run);
    }

    private static void run(String[] arguments) {
        List<Prediction> first = Prediction.read(Path.of(arguments[0]).resolve("predictions.jsonl"));
        List<Prediction> second = Prediction.read(Path.of(arguments[1]).resolve("predictions.jsonl"));
        Map<String, ToDoubleFunction<Prediction>> measures = new LinkedHashMap<>();
        if (AnswerMetrics.of(first).isPresent()) {
            measures.put("Acc@QA", AnswerMetrics::right);
            measures.put("Acc@GQA", AnswerMetrics::grounded);
        }
        measures.put("mIoU", Prediction::iou);
        measures.forEach((name, measure) -> {
            PairedBootstrap difference = PairedBootstrap.of(first, second, measure, RESAMPLES, 0);
            System.out.println(String.format(
                    Locale.ROOT,
                    "%-8s %+.3f [%+.3f, %+.3f] (N %d)",
                    name,
                    difference.meanDifference(),
                    difference.low(),
                    difference.high(),
                    difference.n()));
        });
    }
}
