package org.videotg.app.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.Comparison;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;

/** Results as tables of text. */
final class ResultTable {
    private static final String ROW = "%-28s %7s  %s%5s  %6s  %6s  %6s  %16s  %20s";
    /** Measures of another evaluator in its line. */
    private static final int MEASURES = 8;

    private static final String ANSWERS = "%6s  %7s  ";
    private static final String COMPARED = "%-32s %5s  %s%5s  %6s  %6s  %6s  %-24s  %9s  %5s";

    private ResultTable() {}

    /** Returns a head and one line per arm; the agents' share of the cost is in brackets. */
    static List<String> ofCell(List<Arm> arms) {
        List<String> text = new ArrayList<>();
        boolean answers = arms.stream().anyMatch(arm -> arm.answers().isPresent());
        text.add(String.format(
                Locale.ROOT,
                ROW,
                "arm",
                "samples",
                answers ? String.format(ANSWERS, "Acc@QA", "Acc@GQA") : "",
                "mIoU",
                "R1@0.3",
                "R1@0.5",
                "R1@0.7",
                "CPU s (agents)",
                "token-fwd (agents)"));
        arms.forEach(arm -> text.add(line(arm)));
        return text;
    }

    private static String line(Arm arm) {
        GroundingMetrics metrics = arm.metrics().orElseThrow();
        Arm.Compute cost = arm.compute().orElse(Arm.Compute.NONE);
        int samples = arm.samples().orElse(0);
        boolean agents = cost.agentPool() > 0;
        String seconds = samples == 0
                ? "-"
                : number("%.0f", cost.total().cpuSeconds())
                        + (agents ? number(" (%.0f)", cost.agents().cpuSeconds()) : "");
        String tokens = samples == 0
                ? "-"
                : number("%.1fM", cost.total().tokenForwards() / 1e6)
                        + (agents ? number(" (%.1fM)", cost.agents().tokenForwards() / 1e6) : "");
        return String.format(
                Locale.ROOT,
                ROW,
                arm.title(),
                samples == 0 ? "-" : samples,
                arm.answers().map(ResultTable::answers).orElse(""),
                number("%.3f", metrics.miou()),
                number("%.3f", metrics.r1At03()),
                number("%.3f", metrics.r1At05()),
                number("%.3f", metrics.r1At07()),
                seconds,
                tokens);
    }

    private static String answers(AnswerMetrics answers) {
        return String.format(Locale.ROOT, ANSWERS, number("%.3f", answers.accQa()), number("%.3f", answers.accGqa()));
    }

    /**
     * Returns a head for each data set and one line per arm: means over seeds and bases, and the difference to the
     * reference.
     */
    static List<String> of(List<Comparison> comparisons) {
        List<String> text = new ArrayList<>();
        Set<String> asking = comparisons.stream()
                .filter(comparison ->
                        comparison.meanOfAnswers(AnswerMetrics::accQa).isPresent())
                .map(Comparison::data)
                .collect(Collectors.toSet());
        String data = "";
        for (Comparison comparison : comparisons) {
            boolean answers = asking.contains(comparison.data());
            if (!comparison.data().equals(data)) {
                data = comparison.data();
                text.add(String.format(
                        Locale.ROOT,
                        COMPARED,
                        data,
                        "runs",
                        answers ? String.format(ANSWERS, "Acc@QA", "Acc@GQA") : "",
                        "mIoU",
                        "R1@0.3",
                        "R1@0.5",
                        "R1@0.7",
                        "to the reference [95%]",
                        "token-fwd",
                        "share"));
            }
            text.add(String.format(
                    Locale.ROOT,
                    COMPARED,
                    comparison.title(),
                    comparison.results().size(),
                    answers
                            ? String.format(
                                    ANSWERS,
                                    mean(comparison, AnswerMetrics::accQa),
                                    mean(comparison, AnswerMetrics::accGqa))
                            : "",
                    number("%.3f", comparison.mean(GroundingMetrics::miou)),
                    number("%.3f", comparison.mean(GroundingMetrics::r1At03)),
                    number("%.3f", comparison.mean(GroundingMetrics::r1At05)),
                    number("%.3f", comparison.mean(GroundingMetrics::r1At07)),
                    comparison
                            .difference()
                            .map(one -> number("%+.3f", one.meanDifference())
                                    + number(" [%+.3f", one.low())
                                    + number(", %+.3f]", one.high()))
                            .orElse("-"),
                    comparison.tokenForwards() == 0 ? "-" : number("%.1fM", comparison.tokenForwards() / 1e6),
                    comparison
                            .computeShare()
                            .filter(share -> share > 0)
                            .map(share -> number("%.0f%%", 100 * share))
                            .orElse("-")));
        }
        return text;
    }

    private static String mean(Comparison comparison, ToDoubleFunction<AnswerMetrics> score) {
        OptionalDouble mean = comparison.meanOfAnswers(score);
        return mean.isPresent() ? number("%.3f", mean.getAsDouble()) : "-";
    }

    /**
     * Returns the scores of an arm by the conventions of other evaluators, a line each, of its first measures.
     *
     * @param name of the arm, with its data set, seed and base where there are several
     * @param scores rows that the command for scoring writes
     */
    static List<String> scores(String name, List<JsonNode> scores) {
        return scores.stream()
                .map(score -> String.format(
                        Locale.ROOT,
                        "%-28s %s: %s%s (N %d, unparsable %d)",
                        name,
                        score.path("profile").asText(),
                        score.path("metrics").properties().stream()
                                .limit(MEASURES)
                                .map(metric -> metric.getKey()
                                        + number(" %.2f", metric.getValue().asDouble()))
                                .collect(Collectors.joining(", ")),
                        score.path("metrics").size() > MEASURES
                                ? ", " + (score.path("metrics").size() - MEASURES) + " more in results.jsonl"
                                : "",
                        score.path("n").asInt(),
                        score.path("unparsable").asInt()))
                .toList();
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
