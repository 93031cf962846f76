package org.videotg.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.RecordShards;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.mllm.VideoNotes;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Cost;
import org.videotg.core.run.InFlight;
import org.videotg.core.run.NativeSettings;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.Agent;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.BoundaryReflectionAgent;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.Selector;
import org.videotg.video.VideoChecker;

/** The agents of a job in one process, which all tasks of an executor share with the model that they ask. */
final class Judge {
    /** Field of a stored row: whether the sample may be selected. */
    static final String CANDIDATE = "candidate";

    /** Field of a stored row with the verdict of an agent, absent if it was not asked. */
    static final String REFLECTION = "reflection";

    static final String DIFFICULTY = "difficulty";

    /** Where JavaCPP unpacks native libraries. */
    private static final String NATIVE_LIBRARIES = "org.bytedeco.javacpp.cachedir";

    /** Bytes of features that an executor keeps; samples in flight have far fewer. */
    private static final long FEATURE_BYTES = 4L << 30;

    private static final Logger LOG = LoggerFactory.getLogger(Judge.class);
    private static final Map<String, Judge> OPEN = new HashMap<>();

    private final CurationJob job;
    private final JobFiles files;
    private final Selector selector;
    private final int parallel;
    /** Vision features of this executor, so that both agents read a video once. */
    private final Path folder = JobFiles.ofProcess("features");

    private final RecordShards features = new RecordShards(RecordShards.Settings.of(folder, "", FEATURE_BYTES));

    private final Mllm mllm;
    private final Agent<ReflectionVerdict> reflection;
    private final Agent<DifficultyVerdict> difficulty;

    /** What became of samples. */
    record Count(int samples, int candidates, int failed) implements Serializable {
        static final Count NONE = new Count(0, 0, 0);

        Count plus(Count other) {
            return new Count(samples + other.samples, candidates + other.candidates, failed + other.failed);
        }
    }

    private Judge(CurationJob job) {
        this.job = job;
        this.files = new JobFiles(job);
        this.selector = new Selector(job.selection());
        Backend.Handle handle = Backend.findModel(job.request(folder));
        this.parallel = job.parallel() == null ? handle.parallel() : job.parallel();
        PromptTemplate prompt = TrainedWith.prompt(handle, Optional.ofNullable(job.prompt()), LOG::warn);
        this.mllm = handle.open();
        this.reflection = new BoundaryReflectionAgent(mllm, prompt, job.reflection());
        this.difficulty = new DifficultyEstimationAgent(mllm, prompt, job.difficulty());
    }

    /** The one of this process, which is opened by the first task and stays open. */
    static Judge of(String job) {
        synchronized (OPEN) {
            unpackNativeLibraries();
            NativeSettings.apply();
            return OPEN.computeIfAbsent(job, line -> new Judge(CurationJob.read(line)));
        }
    }

    /**
     * Gives an executor a folder of its own for native libraries: each has its own copy of the application, whose
     * libraries would otherwise be written over those that another executor of the machine has loaded.
     */
    private static void unpackNativeLibraries() {
        boolean own = !SparkEnv.get().executorId().equals("driver");
        if (own && System.getProperty(NATIVE_LIBRARIES) == null) {
            System.setProperty(NATIVE_LIBRARIES, JobFiles.ofProcess("natives").toString());
        }
    }

    /** Judges the samples of a block, unless that is done, and counts them. */
    Count judge(String block) {
        String target = JobFiles.verdicts(block);
        if (!files.exists(target)) {
            List<SampleOrder.Placed> samples = SampleOrder.read(job, block);
            String[] rows = new String[samples.size()];
            InFlight.forEach(
                    parallel,
                    IntStream.range(0, rows.length).iterator(),
                    i -> {
                        rows[i] = Json.line(row(samples.get(i).sample()));
                        return i;
                    },
                    i -> {});
            files.commit(target, List.of(rows).iterator());
        }
        try (var lines = files.lines(target)) {
            return lines.map(line -> count(Json.parse(line, target))).reduce(Count.NONE, Count::plus);
        }
    }

    private static Count count(JsonNode row) {
        boolean failed =
                row.path(REFLECTION).hasNonNull("error") || row.path(DIFFICULTY).hasNonNull("error");
        return new Count(1, row.path(CANDIDATE).asBoolean() ? 1 : 0, failed ? 1 : 0);
    }

    private ObjectNode row(Sample sample) {
        ObjectNode row = Json.MAPPER.createObjectNode().put("id", sample.id());
        try (LocalVideo video = LocalVideo.of(job.data(), sample)) {
            return row.put(CANDIDATE, selector.isCandidate(sample, new Asking(video, row)));
        } finally {
            features.trim();
        }
    }

    /** Verdicts on one sample, which are put into its row. */
    private final class Asking implements Selector.Verdicts {
        private final LocalVideo video;
        private final ObjectNode row;
        private Optional<String> problem;

        Asking(LocalVideo video, ObjectNode row) {
            this.video = video;
            this.row = row;
        }

        @Override
        public Optional<ReflectionVerdict> reflection(Sample sample) {
            return Optional.of(judge(REFLECTION, reflection, sample));
        }

        @Override
        public Optional<DifficultyVerdict> difficulty(Sample sample) {
            return Optional.of(judge(DIFFICULTY, difficulty, sample));
        }

        private <V extends Verdict> V judge(String name, Agent<V> agent, Sample sample) {
            agent.checkQuestion(sample);
            if (problem == null) {
                Sample here = sample.withVideo(video.file().toString());
                problem = Optional.ofNullable(new VideoChecker(false)
                        .check(video.file(), List.of(here))
                        .unusable()
                        .get(sample.id()));
            }
            V verdict = problem.isPresent()
                    ? agent.failure(sample, Cost.NONE, video.named(problem.get()))
                    : asked(agent, sample);
            List<String> notes = problem.isPresent() ? List.of() : mllm.notes(video.ref(sample));
            VideoNotes noted = new VideoNotes(note -> {});
            noted.add(sample.id(), notes.stream().map(video::named).toList());
            row.set(name, noted.row(sample.id(), verdict));
            return verdict;
        }

        private <V extends Verdict> V asked(Agent<V> agent, Sample sample) {
            Cost.Meter meter = Cost.meter();
            try {
                return agent.judge(sample, video.ref(sample));
            } catch (OutputException e) {
                throw e;
            } catch (InputException e) {
                return agent.failure(sample, meter.cost(0), video.named(e.getMessage()));
            }
        }
    }
}
