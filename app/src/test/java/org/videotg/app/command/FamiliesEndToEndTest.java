package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.run.RunManifest;

/** A random checkpoint of each family goes through every command on a small rendered world. */
class FamiliesEndToEndTest {
    private static final String VIDEO = "preprocessing=utils,min_pixels=900,total_pixels=90000";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"qwen25vl, qwen2_5_vl", "qwen3vl, qwen3_vl"})
    void everyCommandTakesTheFamily(String golden, String architecture) throws IOException {
        Path model = Path.of("../models/src/test/resources/golden", golden, "b/checkpoint")
                .toAbsolutePath()
                .normalize();
        Path world = Cli.world(folder.resolve("world"));
        Path data = world.resolve("train.jsonl");
        Path features = folder.resolve("features");

        Cli ground = Cli.good(
                "ground",
                world.resolve("videos/base-3-test-000000.mp4"),
                "the red square blinks",
                "--model",
                model,
                "--json",
                "--max-tokens",
                4,
                "--video",
                VIDEO,
                "--features",
                features);
        assertTrue(Json.parse(ground.out(), "stdout").path("promptTokens").asInt() > 20, ground.out());

        Path reflections = folder.resolve("reflections.jsonl");
        for (String form : new String[] {"probe", "list"}) {
            Path verdicts = form.equals("probe") ? reflections : folder.resolve("listed.jsonl");
            Cli.good(
                    "reflect",
                    "--data",
                    data,
                    "--out",
                    verdicts,
                    "--model",
                    model,
                    "--form",
                    form,
                    "--set",
                    "maxTokens=8",
                    "--video",
                    VIDEO,
                    "--features",
                    features);
            assertEquals(4, Jsonl.read(verdicts).size());
            assertTrue(Files.readString(verdicts).contains(architecture), "verdicts name the architecture");
        }
        Path difficulty = folder.resolve("difficulty.jsonl");
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
                "maxTokens=3",
                "--video",
                VIDEO,
                "--features",
                features);
        assertEquals(4, Jsonl.read(difficulty).size());

        Path narrow = folder.resolve("narrow");
        Cli.good(
                "eval",
                "--data",
                world.resolve("test.jsonl"),
                "--out",
                narrow,
                "--model",
                model,
                "--max-tokens",
                3,
                "--video",
                VIDEO,
                "--features",
                features,
                "--dtype",
                "bfloat16",
                "--device",
                "cpu");
        assertEquals("cpu bfloat16", RunManifest.read(narrow).model().compute());
        Cli.good(
                "ground",
                world.resolve("videos/base-3-test-000000.mp4"),
                "the red square blinks",
                "--model",
                model,
                "--max-tokens",
                4,
                "--video",
                VIDEO,
                "--features",
                features,
                "--dtype",
                "bfloat16");

        Path sft = trained("sft", model, data, "");
        Path grpo = trained(
                "grpo",
                sft,
                data,
                "grpo: {group: 2, maxTokens: 4, loss: {name: grpo, beta: 0.1}}\n"
                        + "curriculum: {name: linear, mode: drop}\n");
        Cli eval = Cli.good(
                "eval",
                "--data",
                world.resolve("test.jsonl"),
                "--out",
                folder.resolve("eval"),
                "--model",
                grpo,
                "--max-tokens",
                3,
                "--json",
                "--video",
                VIDEO,
                "--features",
                features);
        JsonNode metrics = Json.parse(eval.out(), "stdout");
        assertEquals(2, metrics.path("N").asInt());
        assertTrue(
                Files.readString(folder.resolve("eval/manifest.json")).contains("PerFrame"),
                "the preprocessing is recorded");
    }

    /** Two steps; gives the folder of the model. */
    private Path trained(String method, Path model, Path data, String settings) throws IOException {
        Path recipe = Files.writeString(
                folder.resolve(method + ".yaml"),
                "method: " + method + "\nmodel: " + model
                        + "\ndata: " + data
                        + "\nsteps: 2\nbatch: 2\noptimizer: {learningRate: 0.01}\ncompute: {trainVision: true}\n"
                        + "video: {preprocessing: utils, min_pixels: 900, total_pixels: 90000}\n" + settings);
        Path out = folder.resolve(method);
        Cli.good("train", recipe, "--out", out);
        assertEquals(2, Jsonl.read(out.resolve("metrics.jsonl")).size());
        return out.resolve("model");
    }
}
