package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.percent;
import static org.videotg.app.report.chart.Numbers.signed;

import java.util.Comparator;
import java.util.Optional;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.chart.Numbers;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.TrainingMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.PairedBootstrap;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Cost;

/** The result in one sentence; it claims a difference only if the interval excludes 0. */
final class Headline {
    private Headline() {}

    /** Returns the sentence as markup. */
    static String of(RunParts run) {
        return Markup.escape(text(run));
    }

    /** Returns the sentence. */
    static String text(RunParts run) {
        Optional<Arm> method = run.arm(Arm.Role.METHOD);
        Optional<Arm> reference = run.arm(Arm.Role.REFERENCE);
        if (method.isPresent() && reference.isPresent()) {
            return compared(method.get(), reference.get());
        }
        return evaluated(run).or(() -> trained(run)).orElse("This run has not evaluated or trained anything yet.");
    }

    private static String compared(Arm method, Arm reference) {
        PairedBootstrap difference;
        try {
            difference = method.minus(reference, Prediction::iou);
        } catch (InputException e) {
            return "The method and " + reference.title() + " can't be compared: " + e.getMessage() + ".";
        }
        String verdict = difference.low() > 0
                ? "The method beats"
                : difference.high() < 0 ? "The method falls behind" : "The method can't be told apart from";
        return verdict + " “" + reference.title() + "”: mIoU " + miou(method) + " against " + miou(reference)
                + ", difference " + signed(difference.meanDifference(), 3) + " (95% interval "
                + signed(difference.low(), 3) + " to " + signed(difference.high(), 3) + ", paired bootstrap over "
                + Numbers.count(difference.n()) + " test samples)" + answers(method, reference)
                + cost(method, reference) + ".";
    }

    private static String answers(Arm method, Arm reference) {
        return method.answers()
                .flatMap(mine -> reference
                        .answers()
                        .map(theirs ->
                                "; Acc@GQA " + fixed(mine.accGqa(), 3) + " against " + fixed(theirs.accGqa(), 3)))
                .orElse("");
    }

    private static String cost(Arm method, Arm reference) {
        StringBuilder text = new StringBuilder();
        if (method.samples().isPresent()
                && reference.samples().filter(count -> count > 0).isPresent()) {
            text.append(", with ")
                    .append(percent(method.samples().get()
                            / (double) reference.samples().get()))
                    .append(" of the samples");
        }
        Cost trained = method.compute().orElse(Arm.Compute.NONE).total();
        Cost compared = reference.compute().orElse(Arm.Compute.NONE).total();
        if (method.compute().isPresent() && compared.cpuSeconds() > 0 && compared.tokenForwards() > 0) {
            double cpu = trained.cpuSeconds() / compared.cpuSeconds();
            double tokens = trained.tokenForwards() / (double) compared.tokenForwards();
            text.append(text.isEmpty() ? ", with " : ", ")
                    .append(percent(cpu))
                    .append(" of the CPU seconds and ")
                    .append(percent(tokens))
                    .append(" of the token-forwards, agents included");
        }
        return text.toString();
    }

    private static Optional<String> evaluated(RunParts run) {
        return run.arms().stream()
                .filter(arm -> arm.metrics().isPresent())
                .max(Comparator.comparingDouble(arm -> arm.metrics().get().miou()))
                .map(arm -> {
                    GroundingMetrics metrics = arm.metrics().get();
                    return (run.arms().size() > 1 ? "Best of " + run.arms().size() + " arms: " : "") + arm.title()
                            + ", mIoU "
                            + fixed(metrics.miou(), 3) + ", R1@0.5 " + fixed(metrics.r1At05(), 3) + " on "
                            + Numbers.count(metrics.n()) + " samples"
                            + arm.answers()
                                    .map(answers -> "; Acc@QA " + fixed(answers.accQa(), 3) + ", Acc@GQA "
                                            + fixed(answers.accGqa(), 3))
                                    .orElse("")
                            + ".";
                });
    }

    private static Optional<String> trained(RunParts run) {
        return run.arms().stream()
                .filter(arm -> !arm.training().rows().isEmpty())
                .findFirst()
                .map(arm -> {
                    String figure = arm.training().points("step", "reward").isEmpty() ? "loss" : "reward";
                    TrainingMetrics.Points points = arm.training().points("step", figure);
                    return arm.title() + ": "
                            + steps(arm.training().rows().size())
                            + (points.isEmpty()
                                    ? "."
                                    : "; mean " + figure + " " + fixed(points.start(), 3) + " over the first tenth, "
                                            + fixed(points.end(), 3) + " over the last. Not evaluated.");
                });
    }

    private static String steps(int count) {
        return Numbers.count(count) + (count == 1 ? " training step" : " training steps");
    }

    private static String miou(Arm arm) {
        return arm.metrics().map(metrics -> fixed(metrics.miou(), 3)).orElse("?");
    }
}
