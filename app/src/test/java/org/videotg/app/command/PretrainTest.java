package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.run.RunManifest;
import org.videotg.models.ModelFolder;
import org.videotg.smallworld.pretrain.PretrainRecipe;
import org.videotg.smallworld.pretrain.Pretrainer;

/** All stages at the smallest size: what they have learnt is not looked at, only that they run and go on exactly. */
class PretrainTest {
    private static final Path RECIPE = Path.of("src/test/resources/pretrain/tiny.yaml");

    @TempDir
    private Path temporary;

    @Test
    void stoppedAtAnyStepItEndsWithTheSameWeights() throws IOException {
        String recipeText = Files.readString(RECIPE);
        Path file = Files.writeString(temporary.resolve("recipe.yaml"), recipeText);
        Path whole = temporary.resolve("whole");
        Cli.good("pretrain", file, "--out", whole, "seed=3");
        RunManifest manifest = RunManifest.read(whole);
        assertEquals(3, manifest.seeds().get("pretraining"));
        assertTrue(
                manifest.fps() > 0
                        && manifest.prompt() != null
                        && !manifest.data().isEmpty(),
                manifest.toString());
        assertTrue(
                manifest.model().compute().startsWith("cpu"), manifest.model().toString());
        Path pieces = temporary.resolve("pieces");
        PretrainRecipe recipe = PretrainRecipe.read(file, List.of("seed=3"));
        int runs = 0;
        for (boolean done = false; !done; runs++) {
            AtomicInteger steps = new AtomicInteger();
            try (ModelFolder folder = ModelFolder.open(whole.resolve("initial"))) {
                done = new Pretrainer(folder, recipe, pieces).run(whole, () -> steps.incrementAndGet() == 2);
            }
        }
        assertTrue(runs > 4, "it was stopped in every stage");
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(pieces.resolve("model/model.safetensors")));

        Path further = Files.writeString(
                temporary.resolve("further.yaml"),
                "workers: 1\nstart: " + whole.resolve("model")
                        + "\nworlds:\n  - {name: extended, domain: extended, videos: 1}\nstages:\n  - {kind: text, data:"
                        + " [extended], steps: 1, batch: 1, learningRate: 1.0e-3, queries: 1}\n");
        Path trained = temporary.resolve("further");
        Cli.good("pretrain", further, "--out", trained);
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(trained.resolve("initial/model.safetensors")),
                "it begins with the model that was made before");
        assertFalse(Arrays.equals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(trained.resolve("model/model.safetensors"))));
        Files.writeString(further, Files.readString(further).replaceFirst("start: .*", "seed: 1"));
        Cli nothing = Cli.run("pretrain", further, "--out", trained);
        assertTrue(nothing.err().contains("or with \"start\""), nothing.err());

        Files.writeString(file, recipeText.replaceFirst("learningRate: 1.0e-3", "learningRate: 2.0e-3"));
        Cli otherStage = Cli.run("pretrain", file, "--out", whole);
        assertTrue(otherStage.code() == 1 && otherStage.err().contains("the recipe changed"), otherStage.err());
        Files.writeString(file, recipeText.replace("hidden: 32", "hidden: 64"));
        Cli otherModel = Cli.run("pretrain", file, "--out", whole);
        assertTrue(otherModel.code() == 1 && otherModel.err().contains("another \"model\""), otherModel.err());
    }
}
