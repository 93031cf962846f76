package org.videotg.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.reflection.BoundaryReflectionAgent;
import org.videotg.method.selection.CurationPipeline;
import org.videotg.method.selection.Selection;
import org.videotg.method.selection.Selector;
import org.videotg.video.Mp4Writer;
import org.videotg.video.VideoChecker;

/** Spark in this process: the results are those of one process without it, wherever the data comes from. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Hadoop needs programs of its own there")
class CurateTest {
    private static final int SIZE = 64;

    @TempDir
    static Path folder;

    private static SparkSession spark;
    private static Path data;

    @BeforeAll
    static void prepare() throws IOException {
        spark = SparkSession.builder()
                .master("local[2,2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
                .config("spark.hadoop.fs." + RemoteFileSystem.SCHEME + ".impl", RemoteFileSystem.class.getName())
                .getOrCreate();
        Mp4Writer.write(
                folder.resolve("v0.mp4"),
                SIZE,
                SIZE,
                1,
                IntStream.range(0, FakeBackend.SECONDS)
                        .mapToObj(i -> new byte[3 * SIZE * SIZE])
                        .iterator(),
                Mp4Writer.CRISP);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < FakeBackend.VIDEOS; i++) {
            Path video = folder.resolve("v" + i + ".mp4");
            if (i == 9) {
                Files.createFile(video);
            } else if (i > 0) {
                Files.copy(folder.resolve("v0.mp4"), video);
            }
            samples.add(Sample.vtg(
                            "s" + i,
                            "v" + i + ".mp4",
                            FakeBackend.SECONDS,
                            "event " + i,
                            List.of(new Interval(4, i % 4 == 0 ? 8 : 14)))
                    .withExtra("note", Json.MAPPER.valueToTree("kept")));
        }
        data = folder.resolve("train.jsonl");
        Samples.write(data, samples);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static CurationJob job(String data, Path out, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("data=" + data, "out=" + out, "model=fake://0.2", "block=2", "selection.fraction=0.25"));
        settings.addAll(List.of(more));
        return CurationJob.parse(settings);
    }

    /** What one process makes of the data. */
    private static Selection single(CurationJob job, Mllm mllm, Path out) {
        List<Sample> samples = Samples.read(data);
        try (var reflections = AgentRun.open(
                        new BoundaryReflectionAgent(mllm, PromptTemplate.DEFAULT, job.reflection()),
                        out.resolve(JobFiles.REFLECTIONS),
                        data,
                        samples,
                        line -> {});
                var difficulties = AgentRun.open(
                        new DifficultyEstimationAgent(mllm, PromptTemplate.DEFAULT, job.difficulty()),
                        out.resolve(JobFiles.DIFFICULTY),
                        data,
                        samples,
                        line -> {})) {
            Map<String, String> unusable =
                    new VideoChecker(false).check(data, samples).unusable();
            reflections.skip(unusable);
            difficulties.skip(unusable);
            return new CurationPipeline(
                            new Selector(job.selection()), Optional.of(reflections), Optional.of(difficulties))
                    .run(samples, 1, Progress.silent());
        }
    }

    private static Map<String, JsonNode> rows(Path file) {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        for (Jsonl.Row row : Jsonl.read(file)) {
            JsonNode earlier = rows.put(row.node().path("id").asText(), row.node());
            assertEquals(null, earlier, "a verdict is there twice");
        }
        return rows;
    }

    private static void assertSame(Selection expected, Path single, Path out) {
        Path selected = out.resolve(JobFiles.SELECTED);
        assertEquals(
                expected.samples(),
                Samples.read(selected).stream()
                        .map(sample -> sample.withVideo(
                                Path.of(sample.video()).getFileName().toString()))
                        .toList());
        assertEquals(Json.parse(Json.line(expected.report()), "expected"), Json.read(out.resolve(JobFiles.REPORT)));
        for (String file : List.of(JobFiles.REFLECTIONS, JobFiles.DIFFICULTY)) {
            Map<String, JsonNode> found = rows(out.resolve(file));
            found.replaceAll((id, row) -> Json.parse(Json.line(row).replace(RemoteFileSystem.SCHEME + ":/", "/"), id));
            rows(single.resolve(file)).forEach((id, verdict) -> {
                // What can't be judged is known to one process before it asks.
                if (found.containsKey(id) || !verdict.hasNonNull("error")) {
                    assertEquals(verdict, found.get(id), file);
                }
            });
        }
        assertFalse(Files.exists(out.resolve(JobFiles.WORK)));
    }

    private static String read(String format) {
        Path written = folder.resolve("data." + format);
        switch (format) {
            case "json" -> {
                List<JsonNode> all = Samples.read(data).stream()
                        .<JsonNode>map(Samples::toJson)
                        .toList();
                AtomicFiles.writeString(written, Json.pretty(all));
            }
            case "parquet" -> spark.read().json(data.toString()).write().parquet(written.toString());
            default -> written = data;
        }
        return written.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "json", "parquet"})
    void samplesAreInTheSeededOrder(String format) {
        CurationJob job = job(read(format), folder.resolve("order-" + format), "selection.seed=5");
        SampleOrder order = SampleOrder.of(spark, job);
        List<Sample> all = Samples.read(data);
        List<Sample> found = new ArrayList<>();
        for (SampleOrder.Block block : order.blocks()) {
            List<SampleOrder.Placed> placed = SampleOrder.read(job, block.name());
            assertEquals(block.samples(), placed.size());
            for (SampleOrder.Placed one : placed) {
                assertEquals(all.get((int) one.row()).id(), one.sample().id());
                found.add(one.sample());
            }
        }
        assertEquals(Selector.shuffled(all, 5), found);
        assertEquals(all.size(), order.samples());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "remote"})
    void theResultIsThatOfOneProcess(String place) throws IOException {
        Path out = folder.resolve("out-" + place);
        String from = place.equals("remote") ? "remote://" + data : data.toString();
        CurationJob job = job(from, out, place.equals("remote") ? "parallel=3" : "parallel=1");
        Path alone = folder.resolve("single-" + place);
        Selection expected = single(job, FakeBackend.open(0.2), alone);
        if (place.equals("remote")) {
            // A task fails and is tried again.
            FakeBackend.ANSWERED.set(8);
            FakeBackend.FAILING.set(1);
        }
        String line = Curate.run(spark, job);
        assertTrue(FakeBackend.FAILING.get() < 1);
        assertTrue(line.contains("5 of 20 samples selected (5 wanted)"), line);
        assertSame(expected, alone, out);
        if (place.equals("remote")) {
            assertTrue(Samples.read(out.resolve(JobFiles.SELECTED)).stream()
                    .allMatch(sample -> sample.video().startsWith("remote:/")));
            assertTrue(rows(out.resolve(JobFiles.REFLECTIONS))
                    .get("s9")
                    .path("error")
                    .asText()
                    .contains("remote:" + folder.resolve("v9.mp4")));
            Path copies = Path.of(System.getProperty("java.io.tmpdir"), "videotg-spark");
            try (Stream<Path> left = Files.walk(copies)) {
                assertFalse(left.anyMatch(file -> file.toString().endsWith(".mp4")), "copies are deleted");
            }
        }
    }

    @Test
    void aJobThatFailsGoesOnWhereItWas() {
        Path out = folder.resolve("out-stopped");
        CurationJob job = job(data.toString(), out);
        Selection expected = single(job, FakeBackend.open(0.2), folder.resolve("single-stopped"));
        FakeBackend.ANSWERED.set(8);
        FakeBackend.FAILING.set(1000);
        InputException gone = assertThrows(InputException.class, () -> Curate.run(spark, job));
        assertEquals("the server is gone; start it again", gone.getMessage());
        InputException other = assertThrows(
                InputException.class, () -> Curate.run(spark, job(data.toString(), out, "selection.seed=1")));
        assertTrue(other.getMessage().contains("holds a job with \"selection\""), other.getMessage());
        FakeBackend.FAILING.set(0);
        FakeBackend.ANSWERED.set(Integer.MAX_VALUE);
        Curate.run(spark, job);
        assertSame(expected, folder.resolve("single-stopped"), out);
        InputException ended = assertThrows(InputException.class, () -> Curate.run(spark, job));
        assertTrue(ended.getMessage().contains("has ended"), ended.getMessage());
    }

    @Test
    void theFirstOfTwoAttemptsStays() {
        CurationJob job = job(data.toString(), folder.resolve("out-twice"));
        JobFiles files = new JobFiles(job);
        files.commit("verdicts", List.of("first").iterator());
        files.commit("verdicts", List.of("second").iterator());
        assertEquals(List.of("first"), files.read("verdicts"));
        assertEquals(
                List.of("verdicts"),
                Stream.of(folder.resolve("out-twice").toFile().list())
                        .filter(name -> !name.endsWith(".crc"))
                        .toList());
    }

    @Test
    void badRowsAndArgumentsAreNamed() throws IOException {
        Path twice = folder.resolve("twice.jsonl");
        Samples.write(twice, Samples.read(data).subList(0, 1));
        Files.writeString(twice, Files.readString(twice) + Files.readString(twice));
        assertMessage("id \"s0\" is there twice", job(twice.toString(), folder.resolve("out-bad")));
        Files.writeString(twice, "{\"id\":\"a\"}\n");
        assertMessage(twice + ":1: \"video\" is missing", job(twice.toString(), folder.resolve("out-bad")));
        InputException unknown = assertThrows(InputException.class, () -> CurationJob.parse(List.of("fraction=0.1")));
        assertTrue(unknown.getMessage().contains("fraction"), unknown.getMessage());
    }

    private static void assertMessage(String expected, CurationJob job) {
        InputException e = assertThrows(InputException.class, () -> Curate.run(spark, job));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    /** The model that comes with videotg, in this process and in that of executors. */
    @Test
    void aModelOnExecutorsGivesTheVerdictsOfOneProcess() throws IOException {
        Path few = folder.resolve("few/train.jsonl");
        Files.createDirectories(few.getParent());
        Samples.write(
                few,
                Samples.read(data).subList(0, 3).stream()
                        .map(sample -> Samples.relocate(sample, data, few))
                        .toList());
        CurationJob job = job(
                few.toString(),
                folder.resolve("out-model"),
                "model=" + Path.of("../models/small").toAbsolutePath().normalize(),
                "selection.fraction=1",
                "block=1");
        Curate.run(spark, job);
        Backend.Handle handle = Backend.findModel(job.request(folder.resolve("features")));
        try (Mllm mllm = handle.open();
                var reflections = AgentRun.open(
                        new BoundaryReflectionAgent(
                                mllm, TrainedWith.prompt(handle, Optional.empty(), line -> {}), job.reflection()),
                        folder.resolve("alone.jsonl"),
                        few,
                        Samples.read(few),
                        line -> {})) {
            reflections.judgeAll(Samples.read(few), 1, Progress.silent());
        }
        Map<String, JsonNode> found = rows(folder.resolve("out-model").resolve(JobFiles.REFLECTIONS));
        assertEquals(3, found.size());
        rows(folder.resolve("alone.jsonl")).forEach((id, verdict) -> {
            for (JsonNode row : List.of(verdict, found.get(id))) {
                ((ObjectNode) row).remove("usage");
            }
            assertEquals(verdict, found.get(id));
        });
    }
}
