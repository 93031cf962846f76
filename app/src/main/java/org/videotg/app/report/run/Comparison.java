package org.videotg.app.report.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.videotg.app.report.run.Arm.Role;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.HierarchicalBootstrap;
import org.videotg.benchmarks.metric.Prediction;

/**
 * An arm on one data set over several seeds and base models.
 *
 * @param data name of the data set
 * @param results one for each seed and base
 * @param difference in IoU to the data set's reference arm; empty for the reference and without one
 * @param computeShare mean token-forwards, agents included, over the reference's; empty without a reference
 */
public record Comparison(
        String data, List<Result> results, Optional<HierarchicalBootstrap> difference, Optional<Double> computeShare) {
    private static final int RESAMPLES = 5000;

    /** What an arm reached with one seed and base. */
    public record Result(long seed, String base, Arm arm) {
        /** Returns the scores on the test set. */
        public GroundingMetrics metrics() {
            return arm.metrics().orElseThrow();
        }

        /** Returns what training and agents have cost. */
        public double tokenForwards() {
            return arm.compute().map(compute -> compute.total().tokenForwards()).orElse(0L);
        }

        private String test() {
            return arm.evaluation()
                    .map(written -> written.path("dataSha256").asText())
                    .orElse("");
        }
    }

    /** The evaluated arms of a data set with one seed and base. */
    public record Cell(String data, long seed, String base, List<Arm> arms) {
        public Cell {
            arms = arms.stream().filter(arm -> !arm.predictions().isEmpty()).toList();
        }
    }

    public Comparison {
        results = List.copyOf(results);
    }

    public String title() {
        return results.get(0).arm().title();
    }

    public Role role() {
        return results.get(0).arm().role();
    }

    /** Returns a score's mean over seeds and bases. */
    public double mean(ToDoubleFunction<GroundingMetrics> score) {
        return meanOf(results, result -> score.applyAsDouble(result.metrics()));
    }

    /** Returns a score of answers to questions likewise; empty if the arm was asked none. */
    public OptionalDouble meanOfAnswers(ToDoubleFunction<AnswerMetrics> score) {
        return results.stream()
                .flatMap(result -> result.arm().answers().stream())
                .mapToDouble(score)
                .average();
    }

    public double tokenForwards() {
        return meanOf(results, Result::tokenForwards);
    }

    private static double meanOf(List<Result> results, ToDoubleFunction<Result> value) {
        return results.stream().mapToDouble(value).average().orElseThrow();
    }

    /** Compares the arms of each data set with its reference, in the order of the cells and their arms. */
    public static List<Comparison> of(List<Cell> cells) {
        Map<String, Map<String, List<Result>>> sets = new LinkedHashMap<>();
        for (Cell cell : cells) {
            Map<String, List<Result>> arms = sets.computeIfAbsent(cell.data(), key -> new LinkedHashMap<>());
            cell.arms()
                    .forEach(arm -> arms.computeIfAbsent(arm.name(), key -> new ArrayList<>())
                            .add(new Result(cell.seed(), cell.base(), arm)));
        }
        List<Comparison> comparisons = new ArrayList<>();
        sets.forEach((data, arms) -> {
            Optional<List<Result>> reference = arms.values().stream()
                    .filter(results -> results.get(0).arm().role() == Role.REFERENCE)
                    .findFirst();
            arms.values().forEach(results -> comparisons.add(compare(data, results, reference)));
        });
        return comparisons;
    }

    private static Comparison compare(String data, List<Result> results, Optional<List<Result>> reference) {
        return new Comparison(
                data,
                results,
                reference
                        .filter(other -> other != results)
                        .map(other -> differences(results, other))
                        .filter(differences -> !differences.isEmpty())
                        .map(differences -> HierarchicalBootstrap.of(differences, RESAMPLES, 0)),
                reference
                        .filter(other -> meanOf(other, Result::tokenForwards) > 0)
                        .map(other -> meanOf(results, Result::tokenForwards) / meanOf(other, Result::tokenForwards)));
    }

    /** Differences where both arms were tested on the same file. */
    private static List<HierarchicalBootstrap.Cell> differences(List<Result> results, List<Result> reference) {
        List<HierarchicalBootstrap.Cell> differences = new ArrayList<>();
        for (Result result : results) {
            for (Result other : reference) {
                if (other.seed() == result.seed()
                        && other.base().equals(result.base())
                        && other.test().equals(result.test())) {
                    differences.add(new HierarchicalBootstrap.Cell(
                            result.base(),
                            result.seed(),
                            difference(result.arm().predictions(), other.arm().predictions())));
                }
            }
        }
        return differences;
    }

    private static double[] difference(List<Prediction> first, List<Prediction> second) {
        Map<String, Double> other = new LinkedHashMap<>();
        second.forEach(prediction -> other.put(prediction.id(), prediction.iou()));
        return first.stream()
                .filter(prediction -> other.containsKey(prediction.id()))
                .sorted(Comparator.comparing(Prediction::id))
                .mapToDouble(prediction -> prediction.iou() - other.get(prediction.id()))
                .toArray();
    }
}
