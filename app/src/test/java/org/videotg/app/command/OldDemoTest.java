package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.run.RunFolder;
import org.videotg.training.run.TrainingCheckpoints;
import org.videotg.training.run.TrainingState;

/** The text files of a small demo that commit de3b2df made; its recipes are those of recipes/demo with four steps. */
class OldDemoTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void copy() throws IOException {
        Path source = Path.of("src/test/resources/old-demo");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                AtomicFiles.writeString(
                        folder.resolve(source.relativize(file).toString()), AtomicFiles.readString(file));
            }
        }
    }

    @Test
    void verdictsGiveTheSameSelection() throws IOException {
        Path selected = folder.resolve("selected-again.jsonl");
        Cli.good(
                "select",
                "--data",
                folder.resolve("world/train.jsonl"),
                "--reflections",
                folder.resolve("agents/reflections.jsonl"),
                "--difficulty",
                folder.resolve("agents/difficulty.jsonl"),
                "--fraction",
                0.25,
                "--seed",
                1,
                "--out",
                selected);
        assertArrayEquals(Files.readAllBytes(folder.resolve("selected.jsonl")), Files.readAllBytes(selected));
    }

    @Test
    void trainingCheckpointsFitTheRecipesTheyBeganWith() {
        for (String arm : List.of("grpo-all", "method-grpo")) {
            Path run = folder.resolve("arms").resolve(arm);
            Path checkpoint =
                    new TrainingCheckpoints(run.resolve("checkpoints")).latest().orElseThrow();
            TrainingState state = TrainingCheckpoints.state(checkpoint);
            JsonNode compute = Json.read(run.resolve("compute.json"));
            assertEquals(4, state.steps());
            assertTrue(new RunFolder(run).isFinished());
            assertEquals(compute.path("tokenForwards").asLong(), state.cost().tokenForwards());
            assertEquals(compute.path("rolloutForwards").asLong(), state.rolloutForwards());
            Recipe recipe = Recipe.read(run.resolve("recipe.yaml"), List.of());
            assertEquals(state.fingerprints().recipe(), recipe.fingerprint(), arm);
        }
    }

    @Test
    void theReportShowsItsArms() {
        Cli.good("report", folder);
        String page = AtomicFiles.readString(folder.resolve("report/index.html"));
        for (String arm : List.of("zero-shot", "GRPO, all data", "the method under GRPO")) {
            assertTrue(page.contains(arm), arm);
        }
        for (JsonNode row : Json.parse(AtomicFiles.readString(folder.resolve("arms.json")), "arms.json")) {
            Path metrics = folder.resolve(row.path("folder").asText()).resolve("eval/metrics.json");
            if (Files.exists(metrics)) {
                String score = String.format(
                        Locale.ROOT, "%.3f", Json.read(metrics).path("mIoU").asDouble());
                assertTrue(page.contains(score), row.path("name") + ": mIoU " + score);
            }
        }
    }
}
