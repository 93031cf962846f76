package org.videotg.review;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReflectionVerdict;

/** The samples to review, those first of which a decision would change most. */
public final class ReviewData {
    private final List<ReviewSample> samples;
    private final Map<String, ReviewSample> byId;
    private final Map<String, Double> impacts;

    private ReviewData(List<ReviewSample> samples) {
        this.impacts = samples.stream().collect(Collectors.toMap(ReviewSample::id, ReviewSample::impact));
        this.samples = samples.stream()
                .sorted(Comparator.comparingDouble((ReviewSample sample) -> -impacts.get(sample.id())))
                .toList();
        this.byId = this.samples.stream().collect(Collectors.toMap(ReviewSample::id, Function.identity()));
    }

    /** The data of these samples, whatever their order. */
    static ReviewData of(List<ReviewSample> samples) {
        return new ReviewData(samples);
    }

    /**
     * The files of a review.
     *
     * @param data samples
     * @param reflections verdicts of boundary reflection
     * @param difficulty verdicts of difficulty estimation
     * @param predictions of any model on these samples, rows {@code {"id","intervals"}}
     * @param selected the samples selected for training
     */
    public record Sources(
            Path data,
            Optional<Path> reflections,
            Optional<Path> difficulty,
            List<Path> predictions,
            Optional<Path> selected) {
        public Sources {
            predictions = List.copyOf(predictions);
        }
    }

    private record Predicted(String id, List<Interval> intervals) {}

    /**
     * Reads the files.
     *
     * @throws InputException naming file and line of a bad row, or a verdict that was made on another version of its
     *     sample
     */
    public static ReviewData read(Sources sources) {
        List<Sample> data = Samples.read(sources.data());
        Map<String, ReflectionVerdict> reflections = verdicts(sources.reflections(), ReflectionVerdict.class);
        Map<String, DifficultyVerdict> difficulties = verdicts(sources.difficulty(), DifficultyVerdict.class);
        Map<String, Map<String, List<Interval>>> predictions = predictions(sources.predictions());
        Optional<Set<String>> selected = sources.selected()
                .map(file -> Samples.read(file).stream().map(Sample::id).collect(Collectors.toSet()));
        List<ReviewSample> samples = new ArrayList<>();
        for (Sample sample : data) {
            samples.add(new ReviewSample(
                    sample,
                    Samples.video(sources.data(), sample),
                    madeOn(sample, Optional.ofNullable(reflections.get(sample.id()))),
                    madeOn(sample, Optional.ofNullable(difficulties.get(sample.id()))),
                    predictions.getOrDefault(sample.id(), Map.of()),
                    selected.map(ids -> ids.contains(sample.id()))));
        }
        return new ReviewData(samples);
    }

    private static <V extends Verdict> Map<String, V> verdicts(Optional<Path> file, Class<V> type) {
        return file.map(given -> AgentRun.read(given, type)).orElse(Map.of());
    }

    private static <V extends Verdict> Optional<V> madeOn(Sample sample, Optional<V> verdict) {
        verdict.map(Verdict::sample)
                .filter(made -> !made.equals(Verdict.fingerprint(sample)))
                .ifPresent(other -> {
                    throw new InputException("a verdict of sample \"" + sample.id()
                            + "\" was made on another version of it; run the agent again on this data");
                });
        return verdict;
    }

    /** The predicted intervals by sample and name of the file. */
    private static Map<String, Map<String, List<Interval>>> predictions(List<Path> files) {
        Map<String, Map<String, List<Interval>>> bySample = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (Path file : files) {
            String name = file.toAbsolutePath().getParent().getFileName() + "/" + file.getFileName();
            String unique = names.add(name) ? name : file.toString();
            Jsonl.forEach(file, row -> {
                Predicted predicted = Json.convert(row.node(), Predicted.class, row.where());
                if (predicted.id() == null || predicted.intervals() == null) {
                    throw new InputException(row.where() + ": \"id\" or \"intervals\" is missing; give both");
                }
                bySample.computeIfAbsent(predicted.id(), unused -> new LinkedHashMap<>())
                        .put(unique, predicted.intervals());
            });
        }
        return bySample;
    }

    /** All samples, those first of which a decision would change most. */
    public List<ReviewSample> samples() {
        return samples;
    }

    /** The {@link ReviewSample#impact} of a sample of this data. */
    public double impact(ReviewSample sample) {
        return impacts.get(sample.id());
    }

    /** The sample of that id, if there is one. */
    public Optional<ReviewSample> sample(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The samples that a filter shows, in their order. */
    public List<ReviewSample> filtered(Filter filter, Decisions decisions) {
        return samples.stream()
                .filter(sample -> filter.shows(sample, decisions))
                .toList();
    }
}
