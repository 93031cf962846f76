package org.videotg.smallworld;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.io.Sha256;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.Task;
import org.videotg.smallworld.scene.Scene;
import org.videotg.smallworld.scene.SceneGenerator;
import org.videotg.smallworld.scene.SceneGenerator.Split;
import org.videotg.smallworld.scene.SceneRenderer;
import org.videotg.video.Mp4Writer;

/**
 * Writes a world into a folder: {@code videos/*.mp4}, {@code train.jsonl}, {@code test.jsonl}, {@code truth.jsonl} (the
 * planted truth of both, {@code {"id","intervals"}}), {@code world.json}, and optionally {@code tasks.jsonl} and
 * {@code scenes.jsonl} (training videos only). An interrupted run continues when it is run again; finished videos are
 * kept if they are as {@link Checksums} says.
 */
public final class WorldWriter {
    /** Keeps the edges and colours of the shapes; most of a file's size is the noise. */
    private static final int QUANTISER = 30;
    /** Increased whenever the same settings give other videos or rows, so that old and new ones are never mixed. */
    private static final int VERSION = 2;
    /** A stopped run's process may still be ending. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private static final String VIDEOS = "videos";
    /** The offset from a scene's number to that of its replacement; more than any world has videos. */
    private static final int REPLACEMENT = 10_000_000;

    private WorldWriter() {}

    /** Is notified after every video, by one thread at a time. */
    @FunctionalInterface
    public interface Progress {
        void videos(int done, int total);
    }

    private record Header(int version, WorldSettings settings) {}

    private record TruthRow(String id, List<Interval> intervals) {}

    /**
     * The labels of the vision tower: what can be seen in each second of a video.
     *
     * @param grids for each whole second (one temporal grid at 2 fps) the distinct triples [colour, shape, action] that
     * can be seen
     */
    record SceneRow(String id, String video, double duration, List<List<List<String>>> grids) {
        static SceneRow of(String id, String video, Scene scene) {
            return new SceneRow(
                    id,
                    video,
                    scene.seconds(),
                    IntStream.range(0, scene.seconds())
                            .mapToObj(second -> scene.holdingAt(second).stream()
                                    .map(query -> List.of(
                                            query.colour().word(),
                                            query.shape().word(),
                                            query.action().words()))
                                    .toList())
                            .toList());
        }
    }

    private record Written(Checksums.Entry file, Sample sample, TruthRow truth, List<Sample> tasks, SceneRow labels) {}

    /** Writes the world with two threads. */
    public static void write(WorldSettings settings, Path out, Progress progress) {
        write(settings, out, 2, progress);
    }

    /**
     * Writes the world.
     *
     * @param threads for rendering and encoding; the files do not depend on it
     * @throws InputException if {@code out} contains another world or can't be written
     */
    public static void write(WorldSettings settings, Path out, int threads, Progress progress) {
        try (FolderLock lock = FolderLock.take(out, LOCK_TIMEOUT)) {
            claim(settings, out);
            try (JsonlLog finished = JsonlLog.open(out.resolve(VIDEOS).resolve(Checksums.FILE))) {
                writeVideos(settings, out, threads, progress, finished);
            }
        }
    }

    /**
     * Returns the SHA-256 of the rows of {@code train.jsonl}, {@code test.jsonl} and {@code truth.jsonl}, one file after
     * the other, as {@link #write} will write them; no video is rendered.
     */
    public static String fingerprint(WorldSettings settings) {
        StringBuilder samples = new StringBuilder();
        StringBuilder truth = new StringBuilder();
        for (Split split : Split.values()) {
            for (int i = 0; i < count(settings, split); i++) {
                Question question = question(settings, split, i);
                samples.append(Json.line(Samples.toJson(question.sample()))).append('\n');
                truth.append(Json.line(question.truth())).append('\n');
            }
        }
        return Sha256.of(samples.append(truth).toString());
    }

    private static void writeVideos(
            WorldSettings settings, Path out, int threads, Progress progress, JsonlLog finished) {
        Map<String, Checksums.Entry> known = Checksums.byFile(finished.rows());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Written>> pending = new ArrayList<>();
            for (Split split : Split.values()) {
                for (int i = 0; i < count(settings, split); i++) {
                    int number = i;
                    pending.add(pool.submit(() -> writeVideo(settings, out, split, number, known)));
                }
            }
            List<Written> written = new ArrayList<>();
            for (Future<Written> next : pending) {
                Written video = next.get();
                written.add(video);
                if (!video.file().equals(known.get(video.file().file()))) {
                    finished.append(video.file());
                }
                progress.videos(written.size(), pending.size());
            }
            finished.force();
            writeRows(settings, out, written);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("rendering failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("rendering was interrupted; run it again to continue", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static int count(WorldSettings settings, Split split) {
        return split == Split.TRAIN ? settings.train() : settings.test();
    }

    private static void claim(WorldSettings settings, Path out) {
        Path file = out.resolve("world.json");
        if (Files.exists(file)) {
            Header found = Json.read(file, Header.class);
            if (found.version() != VERSION
                    || found.settings() == null
                    || !found.settings()
                            .withCounts(settings.train(), settings.test())
                            .equals(settings)) {
                throw new InputException(
                        file + " describes another world than the one asked for; choose an empty folder");
            }
        }
        AtomicFiles.writeString(file, Json.pretty(new Header(VERSION, settings)));
    }

    private static Written writeVideo(
            WorldSettings settings, Path out, Split split, int number, Map<String, Checksums.Entry> known) {
        Question question = question(settings, split, number);
        Scene scene = question.scene();
        String id = question.sample().id();
        String video = question.sample().video();
        Path file = out.resolve(video);
        Checksums.Entry entry = known.get(id + ".mp4");
        if (entry == null || !entry.problem(out.resolve(VIDEOS)).isEmpty()) {
            Mp4Writer.write(
                    file, Scene.WIDTH, Scene.HEIGHT, Scene.FRAMES_PER_SECOND, new SceneRenderer(scene), QUANTISER);
            entry = Checksums.Entry.of(out.resolve(VIDEOS), file);
        }
        boolean tasks = settings.tasks() && split == Split.TRAIN;
        return new Written(
                entry,
                question.sample(),
                question.truth(),
                tasks ? SceneTasks.of(id, video, scene, settings.seed(), settings.shuffleOptions()) : List.of(),
                tasks ? SceneRow.of(id, video, scene) : null);
    }

    private record Question(Scene scene, Sample sample) {
        TruthRow truth() {
            return new TruthRow(sample.id(), scene.truth(scene.query()));
        }
    }

    /** Returns a scene and its sample; a scene without a question of a single answer is replaced by another. */
    private static Question question(WorldSettings settings, Split split, int number) {
        String id = String.format(
                Locale.ROOT, "%s-%d-%s-%06d", settings.domain().name(), settings.seed(), split.id(), number);
        String video = VIDEOS + "/" + id + ".mp4";
        SceneGenerator generator = new SceneGenerator(settings.domain(), settings.seed(), settings.defects());
        if (settings.task() == Task.VTG) {
            Scene scene = generator.scene(split, number);
            return new Question(
                    scene, Sample.vtg(id, video, scene.seconds(), scene.query().text(), List.of(scene.annotation())));
        }
        return IntStream.iterate(number, other -> other + REPLACEMENT)
                .mapToObj(other -> generator.scene(split, other))
                .flatMap(scene -> AttributeQuestion.about(id, video, scene, settings.seed(), settings.shuffleOptions())
                        .map(sample -> new Question(scene, sample))
                        .stream())
                .findFirst()
                .orElseThrow();
    }

    private static void writeRows(WorldSettings settings, Path out, List<Written> written) {
        List<Sample> samples = written.stream().map(Written::sample).toList();
        Samples.write(out.resolve("train.jsonl"), samples.subList(0, settings.train()));
        Samples.write(out.resolve("test.jsonl"), samples.subList(settings.train(), samples.size()));
        Jsonl.write(
                out.resolve("truth.jsonl"), written.stream().map(Written::truth).toList());
        if (settings.tasks()) {
            List<Written> train = written.subList(0, settings.train());
            Samples.write(
                    out.resolve("tasks.jsonl"),
                    train.stream().flatMap(video -> video.tasks().stream()).toList());
            Jsonl.write(
                    out.resolve("scenes.jsonl"),
                    train.stream().map(Written::labels).toList());
        }
    }
}
