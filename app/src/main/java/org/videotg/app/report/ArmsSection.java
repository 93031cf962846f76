package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.count;
import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.large;
import static org.videotg.app.report.chart.Numbers.percent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.RunParts;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.PairedBootstrap;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Cost;

/** The table of arms: scores and cost. */
final class ArmsSection {
    private static final String NONE = "–";
    private static final List<Measure> GROUNDING = List.of(
            Measure.grounding("mIoU", GroundingMetrics::miou),
            Measure.grounding("R1@0.3", GroundingMetrics::r1At03),
            Measure.grounding("R1@0.5", GroundingMetrics::r1At05),
            Measure.grounding("R1@0.7", GroundingMetrics::r1At07));
    private static final List<Measure> ANSWERS = List.of(
            Measure.answers("Acc@QA", AnswerMetrics::accQa),
            Measure.answers("Acc@GQA", AnswerMetrics::accGqa),
            Measure.answers("mIoP", AnswerMetrics::miop),
            Measure.answers("IoP@0.5", AnswerMetrics::iopAt05));

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("profile", "metric profile");
        SETTINGS.put("prompt", "prompt");
        SETTINGS.put("fps", "frames per second");
        SETTINGS.put("pixelBudget", "pixel budget");
        SETTINGS.put("unreadableVideos", "unreadable videos");
    }

    private ArmsSection() {}

    /** A column of scores. */
    private record Measure(String name, Function<Arm, Optional<Double>> of) {
        static Measure grounding(String name, ToDoubleFunction<GroundingMetrics> of) {
            return new Measure(name, arm -> arm.metrics().map(of::applyAsDouble));
        }

        static Measure answers(String name, ToDoubleFunction<AnswerMetrics> of) {
            return new Measure(name, arm -> arm.answers().map(of::applyAsDouble));
        }
    }

    static String of(RunParts run) {
        if (run.arms().isEmpty()) {
            return Section.of("Arms", Section.missing("This run has no arms: nothing was trained or evaluated."));
        }
        Optional<Arm> reference =
                run.arm(Arm.Role.REFERENCE).filter(arm -> run.arms().size() > 1);
        boolean answered = run.arms().stream().anyMatch(arm -> arm.answers().isPresent());
        List<Measure> measures = new ArrayList<>(answered ? ANSWERS : List.of());
        measures.addAll(GROUNDING);
        List<String> head = new ArrayList<>(List.of("arm"));
        measures.forEach(measure -> head.add(measure.name()));
        reference.filter(arm -> answered).ifPresent(arm -> head.add("Acc@GQA over " + arm.title() + " [95%]"));
        reference.ifPresent(arm -> head.add("mIoU over " + arm.title() + " [95%]"));
        List<List<String>> scores = new ArrayList<>();
        List<List<String>> costs = new ArrayList<>();
        for (Arm arm : run.arms()) {
            String title = Markup.escape(arm.title());
            List<String> row = new ArrayList<>(List.of(title));
            measures.forEach(measure -> row.add(score(run, arm, measure)));
            reference
                    .filter(other -> answered)
                    .ifPresent(other -> row.add(difference(arm, other, AnswerMetrics::grounded)));
            reference.ifPresent(other -> row.add(difference(arm, other, Prediction::iou)));
            scores.add(row);
            costs.add(cost(arm, title));
        }
        String caption = "All arms on the same test videos; the best value of a measure is bold";
        return Section.of(
                "Arms",
                Section.stackedTable(caption, head, scores),
                Section.stackedTable(
                        "Cost, and what was tested",
                        List.of(
                                "arm",
                                "samples",
                                "CPU s",
                                "agents' share",
                                "token-forwards",
                                "agents' share",
                                "tested",
                                "parse failures"),
                        costs),
                Markup.text(
                        "p",
                        "An arm is one way of training. R1@t is the share of test samples whose answer has an IoU of at "
                                + "least t; a reply that can't be parsed counts as IoU 0. "
                                + (answered
                                        ? "Acc@QA: the right option; Acc@GQA: the right option and IoP (the share of "
                                                + "the predicted time within the annotation) at least 0.5. "
                                        : "")
                                + "A token-forward is one token that passes through the model once. "
                                + "CPU seconds and token-forwards include rollouts, training (a backward pass "
                                + "counts as 2) and the agents' inference over all samples they judged; CPU seconds "
                                + "of a project also include its share of decoding videos and of their features. "
                                + "Differences: paired bootstrap over the test samples; an interval that contains 0 shows none."
                                + settings(run),
                        "class",
                        "small"));
    }

    /** The settings that the evaluations recorded; each distinct set once. */
    private static String settings(RunParts run) {
        Set<String> distinct = new LinkedHashSet<>();
        for (Arm arm : run.arms()) {
            arm.evaluation().ifPresent(written -> {
                StringBuilder text = new StringBuilder();
                SETTINGS.forEach((field, name) -> {
                    if (written.hasNonNull(field)) {
                        text.append(text.isEmpty() ? " " : ", ")
                                .append(name)
                                .append(' ')
                                .append(written.get(field).asText());
                    }
                });
                distinct.add(text.isEmpty() ? "" : text.append('.').toString());
                distinct.add(
                        written.hasNonNull("note") ? " " + written.get("note").asText() : "");
            });
        }
        distinct.remove("");
        return distinct.isEmpty() ? "" : " Evaluated with" + String.join("", distinct);
    }

    private static String score(RunParts run, Arm arm, Measure measure) {
        Optional<Double> value = measure.of().apply(arm);
        if (value.isEmpty()) {
            return NONE;
        }
        List<Double> all =
                run.arms().stream().map(measure.of()).flatMap(Optional::stream).toList();
        String text = fixed(value.get(), 3);
        return all.size() > 1 && value.get() >= Collections.max(all) ? Markup.element("strong", text) : text;
    }

    private static String difference(Arm arm, Arm reference, ToDoubleFunction<Prediction> measure) {
        return arm.equals(reference) ? NONE : comparedWith(arm, reference, measure);
    }

    private static String comparedWith(Arm arm, Arm reference, ToDoubleFunction<Prediction> measure) {
        try {
            PairedBootstrap difference = arm.minus(reference, measure);
            return Section.difference(difference.meanDifference(), difference.low(), difference.high());
        } catch (InputException e) {
            return NONE;
        }
    }

    private static List<String> cost(Arm arm, String title) {
        List<String> row = new ArrayList<>(
                List.of(title, arm.samples().map(samples -> count(samples)).orElse(NONE)));
        if (arm.compute().isEmpty()) {
            row.addAll(List.of(NONE, NONE, NONE, NONE));
        } else {
            Cost total = arm.compute().get().total();
            Cost agents = arm.compute().get().agents();
            row.add(fixed(total.cpuSeconds(), 0));
            row.add(share(agents.cpuSeconds(), total.cpuSeconds()));
            row.add(large((double) total.tokenForwards()));
            row.add(share((double) agents.tokenForwards(), (double) total.tokenForwards()));
        }
        row.add(arm.metrics().map(metrics -> count(metrics.n())).orElse(NONE));
        row.add(arm.scored()
                .or(arm::metrics)
                .map(metrics -> count(metrics.parseFailures()))
                .orElse(NONE));
        return row;
    }

    private static String share(double part, double whole) {
        return part > 0 ? percent(part / whole) : NONE;
    }
}
