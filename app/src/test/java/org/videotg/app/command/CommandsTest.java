package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.video.Mp4Writer;
import org.videotg.video.VideoFile;
import org.videotg.video.VideoInfo;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {
    @TempDir
    static Path folder;

    private Path world;
    private Path model;

    @BeforeAll
    void prepare() {
        world = Cli.world(folder.resolve("world"));
        model = RandomModel.create(folder.resolve("model"));
    }

    @Test
    void groundPrintsTheFieldsOfTheIssueInOrder() {
        Path video = world.resolve("videos/base-3-test-000000.mp4");
        Cli run = Cli.good("ground", video, "the red square blinks", "--model", model, "--json", "--max-tokens", 4);
        JsonNode found = Json.parse(run.out(), "stdout");
        List<String> names = new ArrayList<>();
        found.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of(
                        "video",
                        "query",
                        "duration",
                        "intervals",
                        "reply",
                        "model",
                        "frames",
                        "fps",
                        "promptTokens",
                        "seconds"),
                names);
        assertEquals(
                Samples.read(world.resolve("test.jsonl")).get(0).duration(),
                found.path("duration").asDouble(),
                1e-9);
        assertEquals(2, found.path("fps").asDouble(), 1e-9);
        assertEquals(2 * found.path("duration").asDouble(), found.path("frames").asDouble(), 1e-9);
        assertFalse(run.err().contains("note:"), "this video is from the small world: " + run.err());
    }

    @Test
    void momentsAreRankedCutOutAndDrawn() throws IOException {
        Sample sample = Samples.read(world.resolve("test.jsonl")).get(0);
        Path video = Samples.resolve(world.resolve("test.jsonl"), sample);
        Path clip = folder.resolve("moment/clip.mp4");
        Path picture = folder.resolve("moment/picture.png");
        Object[] ground = {
            "ground", video, sample.query(), "--top", 2, "--samples", 4, "--clip", clip, "--picture", picture, "--json"
        };
        JsonNode found = Json.parse(Cli.good(ground).out(), "stdout");
        double start = found.path("intervals").get(0).get(0).asDouble();
        double end = Math.min(
                found.path("intervals").get(0).get(1).asDouble(),
                found.path("duration").asDouble());
        VideoInfo cut = VideoFile.probe(clip);
        assertEquals(end - start, cut.duration(), 1.5 / cut.fps(), found.toString());
        BufferedImage drawn = ImageIO.read(picture.toFile());
        assertTrue(drawn.getWidth() > 300 && drawn.getHeight() > 80, drawn.toString());
        assertTrue(found.path("moments").size() <= 2);
        double confidence = found.path("moments").get(0).path("confidence").asDouble();
        assertTrue(confidence >= 0.25 && confidence <= 1, found.toString());
        Cli nothing = Cli.good(
                "ground", video, "x", "--model", model, "--max-tokens", 3, "--clip", folder.resolve("none.mp4"));
        assertTrue(nothing.out().contains("try: other words"), nothing.out());
        assertTrue(nothing.err().contains("no clip"), nothing.err());
        assertTrue(Files.notExists(folder.resolve("none.mp4")));
    }

    @Test
    void aQuestionHasOptions() {
        Path video = world.resolve("videos/base-3-test-000000.mp4");
        Cli run = Cli.good(
                "ground",
                video,
                "what blinks?",
                "--option",
                "red",
                "--option",
                "blue",
                "--model",
                model,
                "--json",
                "--max-tokens",
                4);
        assertTrue(
                Json.parse(run.out(), "stdout").path("answer").isMissingNode(),
                "random weights choose none: " + run.out());
        Cli one = Cli.run("ground", video, "what blinks?", "--option", "red", "--model", model);
        assertEquals(1, one.code());
        assertTrue(one.err().contains("at least two options"), one.err());
    }

    @Test
    void nonsenseIsNoInterval() {
        Cli run = Cli.good(
                "ground", world.resolve("videos/base-3-test-000001.mp4"), "x", "--model", model, "--max-tokens", 3);
        assertTrue(run.out().startsWith("nothing was found"), run.out());
    }

    @Test
    void groundSaysThatTheSmallModelKnowsOnlyItsWorld() {
        Path video = folder.resolve("other.mp4");
        List<byte[]> frames = Collections.nCopies(20, new byte[96 * 64 * 3]);
        Mp4Writer.write(video, 96, 64, 10, frames.iterator(), Mp4Writer.CRISP);
        Cli run = Cli.good("ground", video, "x", "--model", "models/small", "--max-tokens", 1);
        assertTrue(run.err().contains("note: model models/small is not in the working directory; taking "), run.err());
        assertTrue(run.err().contains("is not from the small world"), run.err());
        assertTrue(run.err().contains("give a general model, such as Qwen/"), run.err());
    }

    @Test
    void promptPrintsAFileThatCanBeEditedAndNamed() throws IOException {
        assertTrue(Cli.good("prompt").out().startsWith("own\ntimer1\n"));
        Path mine = Files.writeString(
                folder.resolve("mine.yaml"),
                Cli.good("prompt", "timelens").out().replace("Please find", "Find"));
        Object[] line = {
            "eval",
            "--data",
            world.resolve("test.jsonl"),
            "--out",
            folder.resolve("mine"),
            "--model",
            model,
            "--max-tokens",
            3,
            "--prompt",
            mine,
            "--json"
        };
        JsonNode metrics = Json.parse(Cli.good(line).out(), "stdout");
        assertEquals(mine.toString(), metrics.path("prompt").asText());
        assertEquals(2, metrics.path("parseFailures").asInt(), "a random model names no two numbers in three tokens");
        Files.writeString(mine, Cli.good("prompt", "timelens").out());
        assertTrue(Cli.run(line).err().contains("another prompt"));
        assertTrue(Cli.run("prompt", "timer2").err().contains("known: own, timer1"));
    }

    @Test
    void evalScoresResumesAndRefusesAnotherModel() throws IOException {
        Path out = folder.resolve("eval");
        Object[] line = {
            "eval", "--data", world.resolve("test.jsonl"), "--out", out, "--model", model, "--max-tokens", 3, "--json"
        };
        JsonNode first = Json.parse(Cli.good(line).out(), "stdout");
        assertEquals(2, first.path("N").asInt());
        assertEquals("own", first.path("prompt").asText());
        byte[] predictions = Files.readAllBytes(out.resolve("predictions.jsonl"));
        assertEquals(
                List.of("base-3-test-000000", "base-3-test-000001"),
                Prediction.read(out.resolve("predictions.jsonl")).stream()
                        .map(Prediction::id)
                        .toList());

        // A run that was killed while it wrote the second row.
        String text = new String(predictions, StandardCharsets.UTF_8);
        Files.writeString(out.resolve("predictions.jsonl"), text.substring(0, text.indexOf('\n') + 10));
        List<Jsonl.Row> costs = Jsonl.read(out.resolve("costs.jsonl"));
        Cli.good(line);
        assertArrayEquals(predictions, Files.readAllBytes(out.resolve("predictions.jsonl")));
        List<Jsonl.Row> again = Jsonl.read(out.resolve("costs.jsonl"));
        assertEquals(costs.get(0), again.get(0), "only the lost row was asked about again");
        assertEquals(2, again.size(), "its first cost was removed");

        line[8] = 4;
        Cli other = Cli.run(line);
        assertEquals(1, other.code());
        assertTrue(other.err().contains("another maxTokens"), other.err());
    }

    /** The same check stands before every command that reads videos. */
    @Test
    void badVideosStopEveryCommandBeforeItsWorkUnlessTheyAreSkipped() throws IOException {
        Path data = folder.resolve("mixed/mixed.jsonl");
        Files.createDirectories(data.getParent());
        Sample good =
                Samples.relocate(Samples.read(world.resolve("test.jsonl")).get(0), world.resolve("test.jsonl"), data);
        Files.createFile(data.resolveSibling("empty.mp4"));
        Samples.write(
                data,
                List.of(
                        good,
                        Sample.vtg("lost", "nowhere.mp4", 3, "x", List.of()),
                        Sample.vtg("empty", "empty.mp4", 3, "x", List.of()),
                        Sample.vtg("short", good.video(), 900, "x", List.of(new Interval(800, 850)))));
        Map<String, List<Object>> commands = Map.of(
                "eval", List.of("--out", folder.resolve("mixed/eval"), "--max-tokens", 3),
                "reflect", List.of("--out", folder.resolve("mixed/r.jsonl")),
                "difficulty", List.of("--out", folder.resolve("mixed/d.jsonl"), "--samples", 1),
                "features", List.of("--features", folder.resolve("mixed/features")),
                "curate",
                        List.of(
                                "--reflections",
                                folder.resolve("mixed/cr.jsonl"),
                                "--difficulty",
                                folder.resolve("mixed/cd.jsonl"),
                                "--out",
                                folder.resolve("mixed/c.jsonl")));
        commands.forEach((command, options) -> {
            List<Object> line = new ArrayList<>(List.of(command, "--data", data, "--model", model));
            line.addAll(options);
            Cli stopped = Cli.run(line.toArray());
            assertEquals(1, stopped.code(), command);
            for (String said : List.of(
                    "nowhere.mp4 does not exist (sample \"lost\")",
                    "empty.mp4 is empty (sample \"empty\")",
                    "but an annotated interval begins at 800.00 s (sample \"short\")",
                    "error: 3 of 3 videos, of 3 of 4 samples, can't be used (1 missing, 1 empty, 1 beyond)")) {
                assertTrue(stopped.err().contains(said), command + ": " + stopped.err());
            }
            line.addAll(List.of("--on-bad-video", "skip"));
            Cli skipped = Cli.good(line.toArray());
            assertTrue(skipped.err().contains("these samples are skipped"), skipped.err());
        });
        JsonNode metrics = Json.read(folder.resolve("mixed/eval/metrics.json"));
        assertEquals(1, metrics.path("N").asInt());
        assertEquals(3, metrics.path("unreadableVideos").asInt());
        for (String verdicts : List.of("r", "d", "cr")) {
            List<Jsonl.Row> rows = Jsonl.read(folder.resolve("mixed/" + verdicts + ".jsonl"));
            assertEquals(4, rows.size());
            assertEquals(
                    3,
                    rows.stream().filter(row -> row.node().hasNonNull("error")).count());
        }
    }

    @Test
    void convertLeavesOutWhatLaterCommandsWouldRefuse() throws IOException {
        Path rows = Files.writeString(folder.resolve("anet.json"), """
                {"base-3-test-000000": {"duration": 16.0, "timestamps": [[1, 2]], "sentences": ["a"]},
                 "base-3-test-000001": {"duration": 600.0, "timestamps": [[400, 500]], "sentences": ["b"]},
                 "broken": {"duration": 6.0, "timestamps": [[1, 2]], "sentences": ["c"]},
                 "empty": {"duration": 6.0, "timestamps": [[1, 2]], "sentences": ["d"]}}
                """);
        Path videos = folder.resolve("anet");
        Files.createDirectories(videos);
        for (String name : List.of("base-3-test-000000.mp4", "base-3-test-000001.mp4")) {
            Files.copy(world.resolve("videos").resolve(name), videos.resolve(name));
        }
        Files.writeString(videos.resolve("broken.mp4"), "no video");
        Files.createFile(videos.resolve("empty.mp4"));
        Cli check = Cli.good("convert", rows, "--videos", videos, "--check");
        assertTrue(
                check.out()
                        .contains(
                                ": 1 samples, 0 videos missing, 2 videos unreadable, 1 rows other than their videos ("),
                check.out());
        for (String said : List.of("broken.mp4 is not a video", "empty.mp4 is empty", "begins at 400.00 s")) {
            assertTrue(check.err().contains(said), check.err());
        }
        Path out = folder.resolve("anet.jsonl");
        Cli.good("convert", rows, "--videos", videos, "--out", out);
        assertEquals(1, Samples.read(out).size());
        Cli again = Cli.good("convert", out, "--check", "--deep", "--json");
        assertEquals("[]", Json.parse(again.out(), "stdout").path("unreadable").toString());
        Cli strict = Cli.run("convert", rows, "--videos", videos, "--check", "--strict");
        assertTrue(strict.code() == 1 && strict.err().contains("2 unreadable in all"), strict.err());
    }

    @Test
    void agentsAndSelectionWorkOnVerdictFiles() {
        Path data = world.resolve("train.jsonl");
        Path reflections = folder.resolve("verdicts/r.jsonl");
        Path difficulty = folder.resolve("verdicts/d.jsonl");
        Path selected = folder.resolve("verdicts/s.jsonl");
        Cli.good(
                "reflect",
                "--data",
                data,
                "--out",
                reflections,
                "--model",
                model,
                "--form",
                "probe",
                "--threshold",
                0.999);
        Cli again = Cli.good(
                "reflect",
                "--data",
                data,
                "--out",
                reflections,
                "--model",
                model,
                "--form",
                "probe",
                "--threshold",
                0.999);
        assertTrue(again.out().contains("4 verdicts (0 new"), again.out());
        Cli.good(
                "difficulty",
                "--data",
                data,
                "--out",
                difficulty,
                "--model",
                model,
                "--samples",
                2,
                "--set",
                "maxTokens=3");
        JsonNode report = Json.parse(
                Cli.good(
                                "select",
                                "--data",
                                data,
                                "--reflections",
                                reflections,
                                "--difficulty",
                                difficulty,
                                "--fraction",
                                0.5,
                                "--out",
                                selected,
                                "--json")
                        .out(),
                "stdout");
        assertEquals(2, report.path("selected").asInt());
        List<Sample> samples = Samples.read(selected);
        samples.forEach(sample -> assertTrue(Files.exists(Samples.resolve(selected, sample)), sample.video()));
        assertTrue(samples.get(0).extra().containsKey("curation"));
    }

    @Test
    void samplesThatWaitForAPersonAreWrittenDownWithTheCommandThatShowsThem() throws IOException {
        Path train = Cli.world(folder.resolve("pending")).resolve("train.jsonl");
        List<Sample> data = Samples.read(train);
        Path reflections = Files.writeString(
                train.resolveSibling("reflections.jsonl"),
                data.stream()
                        .limit(2)
                        .map(sample -> "{\"id\":\"" + sample.id() + "\",\"spans\":[[0,2]],\"partial\":true}\n")
                        .collect(Collectors.joining()));
        Path out = folder.resolve("pending/picked/selected.jsonl");
        Object[] select = {
            "select",
            "--data",
            train,
            "--reflections",
            reflections,
            "--strategy",
            "random",
            "--set",
            "reflect=true",
            "--policy",
            "review",
            "--fraction",
            1,
            "--out",
            out,
            "--decisions",
            train.resolveSibling("decisions.jsonl")
        };
        Files.writeString(train.resolveSibling("decisions.jsonl"), "");
        Cli waiting = Cli.good(select);
        Path pending = out.resolveSibling("selected.pending.jsonl");
        assertEquals(2, Samples.read(pending).size());
        assertTrue(Files.exists(Samples.resolve(pending, Samples.read(pending).get(0))));
        assertTrue(
                waiting.out().contains(pending.toString())
                        && waiting.err().contains("./videotg review --data " + train + " --reflections " + reflections),
                waiting.out() + waiting.err());
        Files.writeString(
                train.resolveSibling("decisions.jsonl"),
                "{\"id\":\"" + data.get(0).id()
                        + "\",\"decision\":\"repair\",\"intervals\":[[1,3]],\"reviewer\":\"ann\"}\n" + "{\"id\":\""
                        + data.get(1).id() + "\",\"decision\":\"discard\"}\n");
        Cli.good(select);
        assertTrue(Files.notExists(pending), "nobody waits");
        assertEquals(
                List.of(new Interval(1, 3)), Samples.read(out).get(0).intervals(), "what ann has set is trained on");
        assertEquals(1, Samples.read(out).size());
    }

    /** Settings of a file are changed by options, and these by --set. */
    @Test
    void strategiesAreNamedOnTheCommandLineOrInAFile() throws IOException {
        Path train = Cli.world(folder.resolve("strategies")).resolve("train.jsonl");
        Path truth = train.resolveSibling("truth.jsonl");
        Path out = folder.resolve("strategies/selected.jsonl");
        Cli.good("curate", "--data", train, "--strategy", "random", "--fraction", 0.5, "--out", out);
        assertEquals(2, Samples.read(out).size());
        Path file = Files.writeString(
                folder.resolve("strategies.yaml"), "selection: {strategy: oracle, fraction: 0.25, seed: 3}\n");
        Path report = folder.resolve("strategies/selection.json");
        Cli.good(
                "select",
                "--data",
                train,
                "--settings",
                file,
                "--fraction",
                0.3,
                "--set",
                "fraction=0.5",
                "--truth",
                truth,
                "--out",
                out,
                "--report",
                report);
        JsonNode settings = Json.read(report).path("settings");
        assertEquals(
                List.of("oracle", "0.5", "3"),
                List.of(
                        settings.path("strategy").asText(),
                        settings.path("fraction").asText(),
                        settings.path("seed").asText()));
        for (String[] wrong : new String[][] {
            {"--settings", file.toString(), "give it with --truth"},
            {"--strategy", "gaussian", "needs verdicts; give --difficulty"},
            {"--strategy", "best", "unknown value \"best\""},
            {"--set", "fractoin=1", "did you mean \"fraction\""}
        }) {
            Cli run = Cli.run("select", "--data", train, wrong[0], wrong[1], "--out", out);
            assertEquals(1, run.code());
            assertTrue(run.err().contains(wrong[2]), run.err());
        }
    }

    @Test
    void convertTakesMissingDurationsFromTheVideos() throws IOException {
        Path rows = Files.writeString(
                folder.resolve("sta.txt"),
                "base-3-test-000000 1.5 4##a square blinks.\ngone 1 2##nobody.\nbase-3-test-000000 2 3##again\n");
        Path out = folder.resolve("converted/own.jsonl");
        Cli run = Cli.good("convert", rows, "--videos", world.resolve("videos"), "--out", out);
        List<Sample> samples = Samples.read(out);
        assertEquals(
                List.of("base-3-test-000000#0", "base-3-test-000000#1"),
                samples.stream().map(Sample::id).toList());
        assertEquals(
                Samples.read(world.resolve("test.jsonl")).get(0).duration(),
                samples.get(0).duration(),
                1e-6);
        assertEquals(List.of(new Interval(1.5, 4)), samples.get(0).intervals());
        assertTrue(Files.exists(Samples.resolve(out, samples.get(0))));
        assertTrue(run.err().contains("video gone is missing"), run.err());
    }

    @Test
    void doctorLooksAtEverythingAndNamesWhatIsMissing() {
        Cli run = Cli.run("doctor", "--json");
        JsonNode result = Json.parse(run.out(), "stdout");
        List<String> names = new ArrayList<>();
        boolean ok = true;
        for (JsonNode finding : result.path("findings")) {
            names.add(finding.path("name").asText());
            ok &= finding.path("ok").asBoolean();
        }
        assertTrue(
                names.containsAll(List.of(
                        "java",
                        "cores",
                        "threads in use",
                        "memory",
                        "libtorch",
                        "FFmpeg",
                        "tokenizers",
                        "embedded model",
                        "GPU")),
                names.toString());
        assertEquals(ok, result.path("ok").asBoolean());
        assertEquals(ok ? 0 : 1, run.code());
        assertEquals(ok, !run.err().contains("missing: "), run.err());
    }

    @Test
    void doctorMeasuresTheMachineWithTheSmallModel() {
        Cli run = Cli.good("doctor", "--measure", "--sizes", "none", "--minutes", 2, "--json");
        JsonNode measured = Json.parse(run.out(), "stdout").path("measured");
        assertTrue(measured.path("agree").asBoolean(), run.out());
        assertTrue(
                measured.path("agreements").size() >= 1
                        && measured.path("peaks").size() >= 2,
                run.out());
        List<String> phases = new ArrayList<>();
        for (JsonNode speed : measured.path("speeds")) {
            phases.add(speed.path("phase").asText());
            double share = speed.path("share").asDouble();
            assertTrue(share > 0 && share < 1.5, run.out());
        }
        assertEquals(List.of("prefill", "decoding", "GRPO step"), phases, run.out());
        JsonNode memory = measured.path("memory").path(0);
        double ratio =
                memory.path("measured").asDouble() / memory.path("estimated").asDouble();
        assertTrue(ratio > 0.2 && ratio < 3, run.out());
    }
}
