package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.Jsonl;
import org.videotg.training.TinyTrainingSetup;
import org.videotg.training.recipe.Recipe;

/** Base of tests that continue from a tiny model, trained with SFT so that its rollouts differ in reward. */
abstract class WithTrainedModel {
    @TempDir
    static Path folder;

    static TinyTrainingSetup world;
    static Path sftRun;

    @BeforeAll
    static void train() {
        world = new TinyTrainingSetup(folder, "qwen3vl", 6);
        Path sft = world.recipe(
                "sft",
                "method: sft",
                "steps: 60",
                "batch: 6",
                "optimizer: {learningRate: 0.01, schedule: constant}",
                "compute: {workers: 2}");
        sftRun = folder.resolve("sft");
        assertTrue(train(new TrainingPlan(Recipe.read(sft, List.of()), sftRun, List.of()), () -> false, false));
    }

    /** Trains in this process, with the data checked first. */
    static boolean train(TrainingPlan plan, BooleanSupplier stop, boolean resume) {
        return new TrainingRun(plan.check(resume, note -> {}), stop).run(resume);
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
        List<String> all = new ArrayList<>(List.of("model=" + sftRun.resolve("model")));
        all.addAll(List.of(overrides));
        return Recipe.read(grpo(), all);
    }

    static List<JsonNode> metrics(Path run) {
        return Jsonl.read(run.resolve("metrics.jsonl")).stream()
                .map(Jsonl.Row::node)
                .toList();
    }
}
