package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.count;
import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.partOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.videotg.app.report.chart.Axis;
import org.videotg.app.report.chart.Charts;
import org.videotg.app.report.run.RunParts;
import org.videotg.core.sample.Sample;
import org.videotg.method.difficulty.DifficultyVerdict;

/** The histogram of difficulty with the selected samples marked. */
final class DifficultySection {
    private static final int BINS = 10;

    private DifficultySection() {}

    static String of(RunParts run) {
        List<DifficultyVerdict> rated = run.difficulties().values().stream()
                .filter(verdict -> !verdict.failed())
                .toList();
        if (rated.isEmpty()) {
            return Section.of(
                    "Difficulty", Section.missing("No agents/difficulty.jsonl: difficulty was not estimated."));
        }
        Set<String> selected = run.selected().stream().map(Sample::id).collect(Collectors.toSet());
        double[] chosen = new double[BINS];
        double[] others = new double[BINS];
        for (DifficultyVerdict verdict : rated) {
            int bin = Math.min(BINS - 1, (int) (verdict.difficulty() * BINS + 1e-9));
            (selected.contains(verdict.id()) ? chosen : others)[bin]++;
        }
        double most = IntStream.range(0, BINS)
                .mapToDouble(i -> chosen[i] + others[i])
                .max()
                .orElse(1);
        long hard = rated.stream().filter(DifficultyVerdict::hard).count();
        long taken = rated.stream()
                .filter(verdict -> selected.contains(verdict.id()))
                .count();
        String title = partOf(hard, rated.size()) + " rated samples are hard to ground; "
                + (taken > 0
                        ? count(taken) + " of all rated ones are selected"
                        : "which of them were selected is not known");
        String summary = IntStream.range(0, BINS)
                .mapToObj(i -> "difficulty " + fixed(i / (double) BINS, 1) + ": "
                        + count(Math.round(chosen[i])) + " selected, " + count(Math.round(others[i]))
                        + " not")
                .collect(Collectors.joining("; "));
        String chart = Charts.bars(
                title,
                summary,
                Axis.unit("difficulty (1 − mean zero-shot IoU)"),
                Axis.fromZero("samples", most),
                IntStream.rangeClosed(0, BINS)
                        .mapToDouble(i -> i / (double) BINS)
                        .toArray(),
                List.of(new Charts.Layer("selected", 0, chosen), new Charts.Layer("rated, not selected", 6, others)),
                tau(rated));
        int predictions = rated.get(0).ious().size();
        int failures = rated.stream().mapToInt(DifficultyVerdict::parseFailures).sum();
        int replies = rated.stream().mapToInt(verdict -> verdict.ious().size()).sum();
        String silent = partOf(
                rated.stream()
                        .filter(verdict -> verdict.ious().size() > 1 && verdict.rewardStd() < 1e-9)
                        .count(),
                rated.size());
        return Section.of(
                "Difficulty",
                Section.columns(
                        chart,
                        Section.paragraph(
                                "Difficulty is 1 minus the mean IoU between the annotation and the model's answers"
                                        + " before training (zero-shot): " + predictions + " prediction"
                                        + (predictions == 1 ? "" : "s")
                                        + " a sample. Hard is what lies above the threshold. The mean difficulty of all "
                                        + count(rated.size()) + " samples that were looked at is "
                                        + fixed(mean(rated, id -> true), 3)
                                        + (taken > 0
                                                ? ", of the selected ones " + fixed(mean(rated, selected::contains), 3)
                                                : "")
                                        + ". Parse failures: " + partOf(failures, replies) + " replies."
                                        + (predictions > 1
                                                ? " Samples whose predictions all have the same reward (no signal): "
                                                        + silent + "."
                                                : ""))));
    }

    private static double mean(List<DifficultyVerdict> rated, Predicate<String> wanted) {
        return rated.stream()
                .filter(verdict -> wanted.test(verdict.id()))
                .mapToDouble(DifficultyVerdict::difficulty)
                .average()
                .orElse(0);
    }

    /** The threshold of "hard", if the verdicts record it. */
    private static List<Charts.Mark> tau(List<DifficultyVerdict> rated) {
        double[] taus = rated.stream()
                .map(DifficultyVerdict::settings)
                .filter(settings -> settings != null)
                .map(settings -> settings.path("tau"))
                .filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::asDouble)
                .distinct()
                .toArray();
        return Arrays.stream(taus)
                .mapToObj(tau -> new Charts.Mark(1 - tau, true, "hard →"))
                .toList();
    }
}
