package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Jsonl;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/** From annotations in a published format and a folder of videos to scores. */
class InitCommandTest {
    @TempDir
    Path folder;

    @Test
    void annotationsAndVideosBecomeScores() throws IOException {
        Path world = Cli.world(folder.resolve("world"));
        Path annotations = Files.writeString(folder.resolve("charades.txt"), charades(world.resolve("train.jsonl")));
        Path model = RandomModel.create(folder.resolve("model"));
        new TrainedWith(PromptTemplate.named("timelens"), Map.of("fps", "1"), 4).write(model);
        Path file = folder.resolve("project.yaml");
        Cli.good(
                "init",
                "--annotations",
                annotations,
                "--videos",
                world.resolve("videos"),
                "--model",
                model,
                "--out",
                file);
        String text = AtomicFiles.readString(file);
        assertTrue(text.contains("train: charades.txt"), "below the project's folder, so relative to it: " + text);
        assertTrue(text.contains("format charades-sta"), text);
        assertTrue(text.contains("holdOut: 0.2"), text);
        Cli again = Cli.run("init", "--annotations", annotations, "--videos", world, "--out", file);
        assertTrue(again.err().contains("exists; choose another name"), again.err());
        assertEquals(text, AtomicFiles.readString(file), "what was there is as it was");

        // No arm is trained here: the demo's test trains one.
        Files.writeString(
                file, text.lines().filter(line -> !line.contains("recipe:")).collect(Collectors.joining("\n")));
        Path out = folder.resolve("out");
        Object[] line = {"run", file, "--out", out, "--workers", 2};
        Cli converted = Cli.good(with(line, "--until", "convert"));
        Path whole = Files.writeString(folder.resolve("whole.yaml"), text);
        String planned = Cli.good("run", whole, "--out", out, "--dry-run").out();
        assertTrue(planned.contains(" GiB on cpu in float32: weights "), planned);
        assertTrue(converted.out().contains("no arm has been evaluated yet"), converted.out());
        assertTrue(converted.err().contains("convert train: ./videotg convert "), converted.err());
        assertTrue(converted.err().contains("0 videos missing (read as charades-sta)"), converted.err());
        Set<String> train = videos(out.resolve("data/train.jsonl"));
        Set<String> test = videos(out.resolve("data/test.jsonl"));
        assertEquals(4, Stream.concat(train.stream(), test.stream()).distinct().count());
        assertEquals(1, test.size(), "a fifth of four videos, at least one");

        String table = Cli.good(line).out();
        assertTrue(table.contains("timelens: IOU 0.3"), table);
        Path predictions = out.resolve("arms/zero-shot/eval/predictions.jsonl");
        byte[] before = Files.readAllBytes(predictions);

        Files.writeString(file, AtomicFiles.readString(file).replace("[timelens]", "[timelens, timezero]"));
        String good = AtomicFiles.readString(file);
        Files.writeString(file, good.replace("timezero", "timezeros"));
        assertTrue(Cli.run(line).err().contains("which is no evaluator; known: "));
        Files.writeString(file, good);
        Cli changed = Cli.run(line);
        assertEquals(1, changed.code());
        assertTrue(
                changed.err().contains("score zero-shot; choose another --out, or run these again with --from score"),
                changed.err());
        Cli early = Cli.run(with(line, "--from", "score", "--until", "train"));
        assertTrue(early.err().contains("no stage is both from score on and up to train"), early.err());
        String both = Cli.good(with(line, "--from", "score")).out();
        assertTrue(both.contains("timezero: "), both);
        try (Stream<Path> kept = Files.walk(out.resolve("replaced"))) {
            assertEquals(1, kept.filter(path -> path.endsWith("scores.jsonl")).count(), "the old scores are kept");
        }
        assertArrayEquals(before, Files.readAllBytes(predictions), "nothing before score ran again");

        // What was made from a stage that runs again goes with it, even where the run ends before.
        Cli.good(with(line, "--from", "features", "--until", "features"));
        assertFalse(Files.exists(predictions), "an evaluation of earlier features");
        Cli.good(line);
        assertArrayEquals(before, Files.readAllBytes(predictions));

        // The model says itself how it was trained, and is asked so.
        String manifest = AtomicFiles.readString(out.resolve("arms/zero-shot/eval/manifest.json"));
        assertTrue(manifest.contains("\"fps\" : 1.0"), manifest);
    }

    private static Object[] with(Object[] line, Object... more) {
        return Stream.concat(Stream.of(line), Stream.of(more)).toArray();
    }

    private static Set<String> videos(Path data) {
        return Jsonl.read(data).stream()
                .map(row -> row.node().path("video").asText())
                .collect(Collectors.toSet());
    }

    private static String charades(Path data) {
        return Samples.read(data).stream().map(InitCommandTest::row).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(Sample sample) {
        String name = Path.of(sample.video()).getFileName().toString().replace(".mp4", "");
        return String.format(
                Locale.ROOT,
                "%s %.1f %.1f##%s",
                name,
                sample.intervals().get(0).start(),
                sample.intervals().get(0).end(),
                sample.query());
    }

    @Test
    void theRecipeFitsModelAndAnnotations() throws IOException {
        Path videos = Files.createDirectory(folder.resolve("videos"));
        Path charades = Files.writeString(folder.resolve("a.txt"), "AAAAA 1.0 2.0##a person sits.\n");
        Path questions = Files.writeString(
                folder.resolve("q.json"),
                "[{\"id\":\"1\",\"video\":\"v.mp4\",\"question\":\"why?\",\"options\":[\"(A) a\",\"(B) b\"],"
                        + "\"duration\":90,\"glue\":[[1,2]],\"type\":\"CW\",\"answer\":\"(B)\"}]");
        Path activities = Files.writeString(
                folder.resolve("l.json"),
                "{\"v_1\":{\"duration\":200,\"timestamps\":[[1,180]],\"sentences\":[\"He runs.\"]}}");
        assertTrue(
                project(charades, videos, "Qwen/Qwen3-VL-2B-Instruct").contains("one-gpu/charades-sta-qwen3-vl.yaml"));
        assertTrue(
                project(questions, videos, "Qwen/Qwen2.5-VL-3B-Instruct").contains("one-gpu/next-gqa-qwen2.5-vl.yaml"));
        assertTrue(project(activities, videos, "a/Qwen3-VL-4B").contains("one-gpu/activitynet-captions-qwen3-vl.yaml"));
        Cli unknown =
                Cli.run("init", "--annotations", charades, "--videos", videos, "--model", "a/b", "--out", "x.yaml");
        assertTrue(unknown.err().contains("neither a folder nor a name of Qwen2.5-VL or Qwen3-VL"), unknown.err());
        assertFalse(Files.exists(Path.of("x.yaml")));
    }

    private String project(Path annotations, Path videos, String model) {
        Path out = folder.resolve(annotations.getFileName() + ".yaml");
        Cli.good("init", "--annotations", annotations, "--videos", videos, "--model", model, "--out", out);
        return AtomicFiles.readString(out);
    }
}
