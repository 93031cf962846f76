package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.run.RunManifest;
import org.videotg.models.toyvl.ToyFamily;
import org.videotg.training.TinyTrainingSetup;
import org.videotg.training.recipe.Recipe;

/** Both trainers on every family, with a masking curriculum and a trained tower: the family is configuration. */
class FamiliesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"qwen25vl, qwen2_5_vl", "qwen3vl, qwen3_vl"})
    void bothTrainersTakeTwoSteps(String golden, String architecture) throws IOException {
        TinyTrainingSetup world = new TinyTrainingSetup(folder, golden, 4);
        String video = "video: {preprocessing: utils, min_pixels: 900, total_pixels: 90000}";
        Path sft = world.recipe(
                "sft",
                "method: sft",
                "steps: 2",
                "batch: 2",
                video,
                "compute: {trainVision: true}",
                "optimizer: {learningRate: 0.01, schedule: constant}");
        Path sftRun = folder.resolve("sft");
        assertTrue(WithTrainedModel.train(
                new TrainingPlan(Recipe.read(sft, List.of()), sftRun, List.of()), () -> false, false));
        assertMoved(world.model, sftRun.resolve("model"));

        Path grpo = world.recipe(
                "grpo",
                "method: grpo",
                "steps: 2",
                "batch: 2",
                video,
                "grpo: {group: 3, maxTokens: 6, loss: {name: grpo, beta: 0.1}, rewards: {format: 1, iou: 1}}",
                "optimizer: {learningRate: 0.01}",
                "curriculum: {name: linear, mode: drop}");
        Path rolled = folder.resolve("grpo");
        assertTrue(WithTrainedModel.train(
                new TrainingPlan(Recipe.read(grpo, List.of("model=" + sftRun.resolve("model"))), rolled, List.of()),
                () -> false,
                false));
        List<JsonNode> rows = Jsonl.read(rolled.resolve("metrics.jsonl")).stream()
                .map(Jsonl.Row::node)
                .toList();
        assertEquals(2, rows.size());
        assertTrue(rows.get(0).path("maskRatio").doubleValue() > 0, "grids are dropped");
        RunManifest manifest = RunManifest.read(rolled);
        assertEquals(
                architecture,
                Json.MAPPER.valueToTree(manifest).findValue("architecture").asText());
        assertTrue(Json.MAPPER.valueToTree(manifest).toString().contains("PerFrame"), "the preprocessing is recorded");
    }

    /** A family that only test sources register. */
    @Test
    void aFamilyOfTheTestsTakesAStep() throws IOException {
        TinyTrainingSetup world = new TinyTrainingSetup(folder, "qwen3vl", 2);
        ToyFamily.write(world.model);
        Path recipe = world.recipe(
                "toy",
                "method: sft",
                "steps: 1",
                "batch: 2",
                "compute: {trainVision: true}",
                "optimizer: {learningRate: 0.01, schedule: constant}");
        Path out = folder.resolve("toy");
        assertTrue(WithTrainedModel.train(
                new TrainingPlan(Recipe.read(recipe, List.of()), out, List.of()), () -> false, false));
        assertMoved(world.model, out.resolve("model"));
    }

    private static void assertMoved(Path before, Path after) throws IOException {
        assertFalse(Arrays.equals(
                Files.readAllBytes(before.resolve("model.safetensors")),
                Files.readAllBytes(after.resolve("model.safetensors"))));
    }
}
