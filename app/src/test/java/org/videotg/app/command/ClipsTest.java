package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.video.VideoFile;

/** Every command that watches videos watches a sample's clip, in seconds from the clip's start. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClipsTest {
    private static final Clip CLIP = new Clip(2, 8);

    @TempDir
    static Path folder;

    private Path world;
    private Path model;
    private Path video;
    private Path data;

    @BeforeAll
    void prepare() {
        world = Cli.world(folder.resolve("world"));
        model = RandomModel.create(folder.resolve("model"));
        video = world.resolve("videos/base-3-test-000000.mp4");
        data = world.resolve("clips.jsonl");
        Samples.write(
                data,
                List.of(
                        clip("a", CLIP, 6),
                        clip(
                                "b",
                                Clip.WHOLE,
                                Samples.read(world.resolve("test.jsonl")).get(0).duration())));
    }

    private static Sample clip(String id, Clip clip, double duration) {
        return Sample.vtg(
                        id,
                        "videos/base-3-test-000000.mp4",
                        duration,
                        "the red square blinks",
                        List.of(new Interval(1, 3)))
                .withClip(clip);
    }

    @Test
    void theFieldsOfARowReadBack() throws IOException {
        assertTrue(
                Files.readString(data)
                        .startsWith("{\"id\":\"a\",\"video\":\"videos/base-3-test-000000.mp4\","
                                + "\"video_start\":2.0,\"video_end\":8.0,\"duration\":6.0,"),
                Files.readString(data));
        assertEquals(
                List.of(CLIP, Clip.WHOLE),
                Samples.read(data).stream().map(Sample::clip).toList());
    }

    @Test
    void groundLooksAtTheClip() {
        JsonNode found = Json.parse(
                Cli.good("ground", video, "x", "--model", model, "--json", "--max-tokens", 2, "--from", 2, "--to", 8)
                        .out(),
                "stdout");
        assertEquals("[2.0,8.0]", found.path("clip").toString());
        assertEquals(6, found.path("duration").asDouble());
        assertEquals(12, found.path("frames").asInt());
        assertTrue(Cli.run("ground", video, "x", "--model", model, "--from", 8, "--to", 2)
                .err()
                .contains("a clip must begin at 0 s or later and end after it begins, not from 8.00 s to 2.00 s"));
        assertTrue(Cli.run("ground", video, "x", "--model", model, "--from", 900)
                .err()
                .contains("but the file ends at"));
    }

    @Test
    void featuresOfAClipAreItsOwn() throws IOException {
        Path features = folder.resolve("features");
        Cli.good("features", "--data", data, "--model", model, "--features", features);
        String[] rows =
                Cli.good("features", "--list", "--features", features).out().split("\n");
        assertEquals(3, rows.length, String.join("\n", rows));
        assertTrue(rows[0].matches("[0-9a-f]{32} [0-9a-f]{8} +\\d+ .*\\.mp4"), rows[0]);
        assertTrue(rows[1].matches("[0-9a-f]{32} [0-9a-f]{8} +\\d+ .*\\.mp4 .*2.*8.*"), rows[1]);
        assertTrue(
                rows[2].matches(
                        features + ": features of 2 videos in 1 shards, 0 files .*; 0\\.\\d MiB, 1048576 allowed"),
                rows[2]);
        assertTrue(Cli.run("features", "--features", features).err().contains("give either --data FILE or --list"));
    }

    @Test
    void reflectionAsksAboutMomentsOfTheClip() {
        Path out = folder.resolve("reflections.jsonl");
        Cli.good("reflect", "--data", data, "--model", model, "--out", out, "--set", "form=probe");
        JsonNode clip = Jsonl.read(out).stream()
                .map(Jsonl.Row::node)
                .filter(row -> row.path("id").asText().equals("a"))
                .findFirst()
                .orElseThrow();
        // Six grids of a second, of which [1, 3] with the margin of a second hides four.
        assertEquals(
                List.of(4, 5),
                clip.path("replies").findValues("grid").stream()
                        .map(JsonNode::asInt)
                        .toList());
        clip.path("replies").findValues("time").forEach(time -> assertTrue(time.asDouble() < 6, clip.toString()));
    }

    @Test
    void evaluationAndDifficultyGoThroughClips() {
        Path out = folder.resolve("eval");
        JsonNode metrics = Json.parse(
                Cli.good("eval", "--data", data, "--model", model, "--out", out, "--max-tokens", 2, "--json")
                        .out(),
                "stdout");
        assertEquals(2, metrics.path("N").asInt());
        assertEquals(0, metrics.path("unreadableVideos").asInt());
        List<Jsonl.Row> costs = Jsonl.read(out.resolve("costs.jsonl"));
        assertTrue(
                costs.get(0).node().path("tokenForwards").asLong()
                        < costs.get(1).node().path("tokenForwards").asLong(),
                "the clip is shorter than its video");
        Cli.good("difficulty", "--data", data, "--model", model, "--out", folder.resolve("difficulty.jsonl"));
    }

    @Test
    void aClipBeyondItsVideoIsSaidBeforeARun() throws IOException {
        Path beyond = world.resolve("beyond.jsonl");
        Samples.write(beyond, List.of(clip("a", CLIP, 6), clip("c", new Clip(500, 506), 6)));
        Path out = folder.resolve("beyond");
        for (Object[] line : new Object[][] {
            {"eval", "--data", beyond, "--model", model, "--out", out},
            {"reflect", "--data", beyond, "--model", model, "--out", out.resolve("r.jsonl")},
            {"difficulty", "--data", beyond, "--model", model, "--out", out.resolve("d.jsonl")},
            {"features", "--data", beyond, "--model", model, "--features", out.resolve("f")},
            {"train", "../recipes/sft.yaml", "--out", out, "model=" + model, "data=" + beyond}
        }) {
            Cli run = Cli.run(line);
            assertEquals(1, run.code(), line[0].toString());
            assertTrue(run.err().contains("from 500.00 s to 506.00 s, but the file ends at"), run.err());
            assertTrue(Files.notExists(out), "nothing was begun by " + line[0]);
        }
        Path reversed = Files.writeString(
                world.resolve("reversed.jsonl"),
                Files.readString(data).replace("\"video_end\":8.0", "\"video_end\":1.0"));
        assertTrue(Cli.run("eval", "--data", reversed, "--model", model, "--out", out)
                .err()
                .contains(reversed
                        + ":1: a clip must begin at 0 s or later and end after it begins, not from 2.00 s to 1.00 s"));
    }

    /** In Time-R1's list most files are the clips already, with the seconds of the original video beside them. */
    @Test
    void aFileThatIsTheClipAlreadyIsTakenWholeAndOneThatCannotHoldItIsLeftOut() throws IOException {
        double seconds = VideoFile.probe(video).duration();
        Path rows = Files.writeString(folder.resolve("timer1.json"), """
                [{"video": "base-3-test-000000.mp4", "duration": %1$s, "timestamp": [0, 1], "sentence": "x", "qid": "cut",
                  "video_start": 39.0, "video_end": %2$s},
                 {"video": "base-3-test-000000.mp4", "duration": 1, "timestamp": [0, 1], "sentence": "x", "qid": "in",
                  "video_start": 0.5, "video_end": 1.5},
                 {"video": "base-3-test-000000.mp4", "duration": 400, "timestamp": [0, 1], "sentence": "x", "qid": "beyond",
                  "video_start": 100, "video_end": 500}]""".formatted(seconds, 39 + seconds));
        Path own = folder.resolve("cut/own.jsonl");
        Cli run = Cli.good("convert", rows, "--videos", world.resolve("videos"), "--out", own);
        List<Sample> samples = Samples.read(own);
        assertEquals(List.of("cut", "in"), samples.stream().map(Sample::id).toList());
        assertEquals(
                List.of(Clip.WHOLE, new Clip(0.5, 1.5)),
                samples.stream().map(Sample::clip).toList());
        assertEquals(39, samples.get(0).extra().get("original_video_start").asDouble());
        assertTrue(run.err().contains("taken as cut already"), run.err());
        assertTrue(run.err().contains("beyond: " + video + " from 100.00 s to 500.00 s"), run.err());
    }

    @Test
    void theAnnotatedDurationOfAClipWinsOverItsName() throws IOException {
        int end = (int) VideoFile.probe(video).duration();
        Path rows = Files.writeString(folder.resolve("qv.jsonl"), """
                {"qid":1,"query":"a","duration":4,"vid":"base-3-test-000000_%1$d.0_%2$d.0","relevant_windows":[[0,4]]}
                {"qid":2,"query":"b","duration":10,"vid":"base-3-test-000000_1.0_11.0","relevant_windows":[[0,4]]}
                """.formatted(end - 4, end + 6));
        Path own = folder.resolve("qv/own.jsonl");
        Cli.good("convert", rows, "--videos", world.resolve("videos"), "--out", own);
        assertEquals(
                List.of(new Clip(end - 4, end), new Clip(1, 11)),
                Samples.read(own).stream().map(Sample::clip).toList());
    }
}
