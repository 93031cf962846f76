package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.inference.FakeBackend;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.video.Mp4Writer;

/** What is made in three parts and joined is what one process makes, byte for byte; and what is no whole is refused. */
class MergeCommandTest {
    private static final int SIZE = 64;
    private static final int VIDEOS = 5;

    @TempDir
    static Path folder;

    private static Path data;

    @BeforeAll
    static void prepare() throws IOException {
        Path video = folder.resolve("v0/000000.mp4");
        Files.createDirectories(video.getParent());
        Mp4Writer.write(
                video,
                SIZE,
                SIZE,
                1,
                IntStream.range(0, 16).mapToObj(i -> new byte[3 * SIZE * SIZE]).iterator(),
                Mp4Writer.CRISP);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < VIDEOS; i++) {
            Path copy = folder.resolve("v" + i + "/000000.mp4");
            if (i > 0) {
                Files.createDirectories(copy.getParent());
                Files.copy(video, copy);
            }
            for (Interval annotated : List.of(new Interval(3, 6 + i), new Interval(10, 12))) {
                samples.add(Sample.vtg(
                        "s" + samples.size(), "v" + i + "/000000.mp4", 16, FakeBackend.QUERY, List.of(annotated)));
            }
        }
        data = folder.resolve("data.jsonl");
        Samples.write(data, samples);
    }

    private static Path made(String command, String name, Object... more) {
        Path out = folder.resolve(command + "-" + name);
        List<Object> arguments =
                new ArrayList<>(List.of(command, "--data", data, "--model", "fake://oracle", "--out", out));
        arguments.addAll(List.of(more));
        Cli.good(arguments.toArray());
        return out;
    }

    private static Path part(String command, int number) {
        return made(command, "part" + number, "--part", number + "/3");
    }

    private static Cli merge(Path out, Path... parts) {
        List<Object> arguments = new ArrayList<>(List.of("merge", "--data", data, "--out", out));
        arguments.addAll(List.of(parts));
        return Cli.run(arguments.toArray());
    }

    private static void refused(String expected, Path... parts) {
        Path out = folder.resolve("refused");
        Cli run = merge(out, parts);
        assertEquals(1, run.code());
        assertTrue(run.err().contains(expected), run.err());
        assertFalse(Files.exists(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reflect", "difficulty", "eval"})
    void threePartsAreOneWhole(String command) throws IOException {
        Path whole = made(command, "whole");
        Path[] parts = {part(command, 3), part(command, 1), part(command, 2)};
        Path joined = folder.resolve(command + "-joined");
        Cli merged = merge(joined, parts);
        assertEquals(0, merged.code(), merged.err());
        List<String> files =
                command.equals("eval") ? List.of("predictions.jsonl", "costs.jsonl", "metrics.json") : List.of("");
        for (String file : files) {
            assertArrayEquals(
                    Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(joined.resolve(file)), command + file);
        }
        // What was joined can be gone on with, as what one process has made.
        made(command, "joined");

        refused("samples \"s2\", \"s3\", \"s8\", \"s9\" are missing (part 2/3)", parts[0], parts[1]);
        refused("samples \"s0\", \"s1\", \"s6\", \"s7\" are in " + parts[1] + " too", parts[0], parts[1], parts[1]);
        assertTrue(merge(joined, parts).err().contains("is there already"));
    }

    @Test
    void partsOfOtherSettingsOrDataAreRefused() throws IOException {
        Path first = made("reflect", "first", "--part", "1/2");
        Path other = made("reflect", "other", "--part", "2/2", "--samples", 3);
        refused("made with settings \"samples\" 3, the first one with 1", first, other);
        refused("is no verdict", data, first);
        Path shorter = made("eval", "first", "--part", "1/2");
        Path longer = made("eval", "other", "--part", "2/2", "--max-tokens", 7);
        refused("another maxTokens than " + shorter, shorter, longer);
        refused("is a folder, others are files", first, shorter);
        assertTrue(Cli.run("eval", "--data", data, "--model", "fake://oracle", "--out", shorter)
                .err()
                .contains("an evaluation with another part"));

        Path changed = folder.resolve("changed.jsonl");
        Samples.write(
                changed,
                Samples.read(data).stream()
                        .map(sample -> sample.withIntervals(List.of(new Interval(1, 2))))
                        .toList());
        Path out = folder.resolve("refused");
        assertTrue(Cli.run("merge", first, "--data", changed, "--out", out)
                .err()
                .contains("sample \"s0\" is another one in " + changed));
        assertTrue(Cli.run("merge", shorter, "--data", changed, "--out", out)
                .err()
                .contains("was not made on " + changed));
        Samples.write(changed, Samples.read(data).subList(0, 1));
        assertTrue(Cli.run("merge", first, "--data", changed, "--out", out)
                .err()
                .contains("samples \"s1\", \"s4\", \"s5\", \"s8\", \"s9\" are not in " + changed));

        Files.delete(shorter.resolve(EvaluationMetrics.FILE));
        refused("one that has not ended", shorter);
        Files.delete(shorter.resolve(RunManifest.FILE));
        refused("holds no manifest.json", shorter);
    }

    @Test
    void aPartHasAVideoAndAllOfThem() {
        Path out = folder.resolve("none.jsonl");
        assertTrue(Cli.run("reflect", "--data", data, "--model", "fake://oracle", "--out", out, "--part", "1/6")
                .err()
                .contains("names 5 videos, which can't be divided into 6 parts"));
        assertTrue(Cli.run("reflect", "--data", data, "--out", out, "--part", "1/2", "--limit", 1)
                .err()
                .contains("--limit can't be combined with --part"));
    }
}
