package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.Jsonl;
import org.videotg.training.TinyWorld;
import org.videotg.training.recipe.Recipe;

/** A tiny model that SFT has taught the form of a reply, so that rollouts differ in reward, and recipes that go on from it. */
abstract class TrainedModel {
    @TempDir
    static Path folder;

    static TinyWorld world;
    static Path taught;

    @BeforeAll
    static void teach() {
        world = new TinyWorld(folder, "qwen3vl", 6);
        Path sft = world.recipe(
                "sft",
                "method: sft",
                "steps: 60",
                "batch: 6",
                "optimizer: {learningRate: 0.01, schedule: constant}",
                "compute: {workers: 2}");
        taught = folder.resolve("sft");
        assertTrue(new TrainingRun(Recipe.read(sft, List.of()), taught, () -> false).run(false, List.of()));
    }

    static Path grpo() {
        return world.recipe(
                "grpo",
                "method: grpo",
                "steps: 6",
                "batch: 3",
                "checkpointEvery: 2",
                "grpo: {group: 6, maxTokens: 14}",
                "optimizer: {learningRate: 0.001}",
                "curriculum: {name: linear, mode: drop}");
    }

    static Recipe recipe(String... overrides) {
        List<String> all = new ArrayList<>(List.of("model=" + taught.resolve("model")));
        all.addAll(List.of(overrides));
        return Recipe.read(grpo(), all);
    }

    static List<JsonNode> metrics(Path run) {
        return Jsonl.read(run.resolve("metrics.jsonl")).stream()
                .map(Jsonl.Row::node)
                .toList();
    }
}
