package org.videotg;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.config.Settings;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.NativeSettings;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.Agent;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.BoundaryReflectionAgent;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.CurationPipeline;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.method.selection.Selector;

/**
 * Finds the samples of a data set that are partially annotated or hard, and selects those worth training on, by the
 * method of docs/method.md with its default settings.
 *
 * <pre>{@code
 * List<Sample> samples = Curator.read(Path.of("train.jsonl"));
 * try (Curator curator = Curator.open("Qwen/Qwen3-VL-2B-Instruct", Path.of("verdicts"))) {
 *     List<Sample> selected = curator.select(samples, 0.1);
 * }
 * }</pre>
 *
 * <p>Verdicts are appended to files in a folder as they are made, in the format of the commands {@code reflect} and
 * {@code difficulty}; a curator that is opened on the same folder later asks only about what is missing there. A folder
 * belongs to one model and one data set. Several threads may share a curator; one works at a time. A model behind a
 * server is asked about as many samples at a time as its setting {@code parallel} says.
 */
public final class Curator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Curator.class);
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);
    /** Stands for the data file, so that relative paths of videos start from the working directory. */
    private static final Path IN_WORKING_DIRECTORY = Path.of("samples");

    private final PromptTemplate prompt;
    private final Path folder;
    private final Backend.Handle handle;
    private final Mllm mllm;

    private Curator(ModelSettings settings, Path folder, Backend.Handle handle, Mllm mllm) {
        this.prompt = settings.template(handle);
        this.folder = folder;
        this.handle = handle;
        this.mllm = mllm;
    }

    /**
     * What boundary reflection found out about a sample.
     *
     * @param id of the sample
     * @param partial whether the query also holds outside the annotation
     * @param spans where it does, in seconds
     * @param error why the sample could not be judged, such as an unreadable video
     */
    public record Reflection(String id, boolean partial, List<Interval> spans, Optional<String> error) {
        public Reflection {
            spans = List.copyOf(spans);
        }
    }

    /**
     * How hard a sample is to ground.
     *
     * @param id of the sample
     * @param meanIou of the model's sampled predictions with the annotation, in [0, 1]; 0 if it could not be judged
     * @param hard whether that is below the threshold of docs/method.md
     * @param error why the sample could not be judged
     */
    public record Grade(String id, double meanIou, boolean hard, Optional<String> error) {}

    /**
     * Reads a data set in the format of this project (docs/datasets.md), with absolute paths of its videos.
     *
     * @throws InputException naming file, line and field of the first bad row
     */
    public static List<Sample> read(Path data) {
        return Samples.read(data).stream()
                .map(sample -> sample.withVideo(Samples.resolve(data, sample).toString()))
                .toList();
    }

    /** Opens a model with the default settings. */
    public static Curator open(String model, Path folder) {
        return open(ModelSettings.of(model), folder);
    }

    /**
     * Opens a model.
     *
     * @param folder of the files of verdicts, {@code reflections.jsonl} and {@code difficulty.jsonl}
     * @throws InputException if there is no such model, or it can't be used with these settings
     */
    public static Curator open(ModelSettings settings, Path folder) {
        NativeSettings.apply();
        Backend.Handle handle = settings.find();
        return new Curator(settings, folder, handle, handle.open());
    }

    /**
     * Looks for the query of each sample outside its annotation.
     *
     * @param samples a data set; paths of videos are absolute or relative to the working directory
     * @return what was found, in the order of the samples
     */
    public synchronized List<Reflection> reflect(List<Sample> samples) {
        warn(samples);
        try (Verdicts<ReflectionVerdict> verdicts = reflections(samples)) {
            return verdicts.judge(
                    samples,
                    handle.parallel(),
                    verdict -> new Reflection(
                            verdict.id(), verdict.partial(), verdict.spans(), Optional.ofNullable(verdict.error())));
        }
    }

    /**
     * Estimates how hard each sample is to ground.
     *
     * @param samples a data set; paths of videos are absolute or relative to the working directory
     * @return what was found, in the order of the samples
     */
    public synchronized List<Grade> grade(List<Sample> samples) {
        warn(samples);
        try (Verdicts<DifficultyVerdict> verdicts = grades(samples)) {
            return verdicts.judge(
                    samples,
                    handle.parallel(),
                    verdict -> new Grade(
                            verdict.id(),
                            verdict.failed() ? 0 : 1 - verdict.difficulty(),
                            verdict.hard(),
                            Optional.ofNullable(verdict.error())));
        }
    }

    /**
     * Selects samples: those found partially annotated are left out, and easy and hard ones are mixed as docs/method.md
     * says. Only as many samples are looked at as it takes.
     *
     * @param samples a data set; paths of videos are absolute or relative to the working directory
     * @param fraction of the data set that is wanted, in (0, 1]
     * @return at most so many samples
     */
    public synchronized List<Sample> select(List<Sample> samples, double fraction) {
        warn(samples);
        SelectionSettings selection = Settings.with(SelectionSettings.defaults(), Map.of("fraction", fraction));
        try (Verdicts<ReflectionVerdict> reflections = reflections(samples);
                Verdicts<DifficultyVerdict> grades = grades(samples)) {
            return new CurationPipeline(
                            new Selector(selection), Optional.of(reflections.run()), Optional.of(grades.run()))
                    .run(samples, handle.parallel(), Progress.logged("curate", selection.poolWanted(samples.size())))
                    .samples();
        }
    }

    /** Frees the model. */
    @Override
    public synchronized void close() {
        mllm.close();
    }

    private void warn(List<Sample> samples) {
        handle.caveat(Samples.videos(IN_WORKING_DIRECTORY, samples)).ifPresent(LOG::warn);
    }

    private Verdicts<ReflectionVerdict> reflections(List<Sample> samples) {
        return open(
                new BoundaryReflectionAgent(mllm, prompt, ReflectionSettings.defaults()), "reflections.jsonl", samples);
    }

    private Verdicts<DifficultyVerdict> grades(List<Sample> samples) {
        return open(
                new DifficultyEstimationAgent(mllm, prompt, DifficultySettings.defaults()),
                "difficulty.jsonl",
                samples);
    }

    private <V extends Verdict> Verdicts<V> open(Agent<V> agent, String name, List<Sample> samples) {
        Path file = folder.resolve(name);
        FolderLock lock = FolderLock.beside(file, LOCK_TIMEOUT);
        try {
            return new Verdicts<>(
                    lock, AgentRun.open(agent, file, IN_WORKING_DIRECTORY, samples, LOG::warn), agent.name());
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** A file of verdicts and the lock on it. */
    private record Verdicts<V extends Verdict>(FolderLock lock, AgentRun<V> run, String name) implements AutoCloseable {
        <R> List<R> judge(List<Sample> samples, int parallel, Function<V, R> result) {
            run.judgeAll(samples, parallel, Progress.logged(name, samples.size()));
            return samples.stream()
                    .map(sample -> result.apply(run.verdicts().get(sample.id())))
                    .toList();
        }

        @Override
        public void close() {
            run.close();
            lock.close();
        }
    }
}
