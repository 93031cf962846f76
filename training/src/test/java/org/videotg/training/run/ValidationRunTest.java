package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.reward.Reward;
import org.videotg.training.TinyTrainingSetup;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.tensorboard.EventFiles;

/** Runs that validate the model on samples that they are not trained on. */
class ValidationRunTest extends WithTrainedModel {
    private static Path heldOut;

    @BeforeAll
    static void writeSamples() {
        heldOut = new TinyTrainingSetup(folder.resolve("held-out"), "qwen3vl", 5).data;
    }

    private static Recipe validating(String settings, String... overrides) {
        List<String> all = new ArrayList<>(
                List.of("validation={data: " + heldOut + ", maxTokens: 14, " + settings + "}", "steps=5"));
        all.addAll(List.of(overrides));
        return recipe(all.toArray(String[]::new));
    }

    private static List<JsonNode> validations(Path run) {
        return Jsonl.read(new RunFolder(run).validation()).stream()
                .map(Jsonl.Row::node)
                .toList();
    }

    /** Everything in the rows that is not time. */
    private static List<JsonNode> scores(Path run) {
        return validations(run).stream()
                .map(row ->
                        (JsonNode) ((ObjectNode) row.deepCopy()).remove(List.of("seconds", "cpuSeconds", "rowCrc32c")))
                .toList();
    }

    private static boolean train(String name, Recipe recipe) {
        return train(new TrainingPlan(recipe, folder.resolve(name), List.of()), () -> false, false);
    }

    /** The mean IoU of a model that is asked about one sample after another, apart from any training. */
    private static double miou(Path model, List<Sample> samples) {
        Backend.Request request = new Backend.Request(
                model.toString(), Optional.empty(), Map.of(), folder.resolve("asked"), "cpu", "auto");
        PromptTemplate prompt = recipe().prompt();
        double sum = 0;
        try (Mllm mllm = Backend.findModel(request).open()) {
            for (Sample sample : samples) {
                PromptTemplate.Text text = prompt.question(sample);
                VideoView view = VideoView.whole(Samples.video(heldOut, sample));
                String reply = mllm.ask(new Question(view, text.before(), text.after()), Decoding.greedy(14))
                        .replies()
                        .get(0)
                        .text();
                sum += Reward.named("iou").score(sample, prompt.read(sample.task(), reply));
            }
        }
        return sum / samples.size();
    }

    @Test
    void scoresAreThoseOfTheModelsOnTheWayAndTheBestModelIsKept() throws Exception {
        Path run = folder.resolve("validated");
        assertTrue(train("validated", validating("every: 2, keepBest: true", "compute.workers=2", "snapshots=4")));
        List<JsonNode> rows = validations(run);
        assertEquals(
                List.of(0, 2, 4, 5),
                rows.stream().map(row -> row.path("step").intValue()).toList());
        List<Sample> samples = Samples.read(heldOut);
        RunFolder out = new RunFolder(run);
        List<Path> models = List.of(sftRun.resolve("model"), out.snapshot(2), out.snapshot(4), out.model());
        double highest = -1;
        Path best = null;
        for (int i = 0; i < models.size(); i++) {
            double miou = miou(models.get(i), samples);
            assertEquals(miou, rows.get(i).path("mIoU").doubleValue(), 1e-9, "row " + i);
            best = miou > highest ? models.get(i) : best;
            highest = Math.max(highest, miou);
        }
        assertTrue(highest > 0, rows.toString());
        assertEquals(
                highest,
                Json.read(out.compute()).path("bestValidation").path("mIoU").doubleValue(),
                1e-9);
        assertArrayEquals(
                Files.readAllBytes(best.resolve("model.safetensors")),
                Files.readAllBytes(out.best().resolve("model.safetensors")));
        assertEquals(
                rows.get(3).path("mIoU").floatValue(),
                EventFiles.scalars(out.tensorboard()).get("validation/mIoU").get(5L));

        Path without = folder.resolve("not-validated");
        assertTrue(train(
                new TrainingPlan(recipe("steps=5", "compute.workers=2"), without, List.of()), () -> false, false));
        assertArrayEquals(
                Files.readAllBytes(without.resolve("model/model.safetensors")),
                Files.readAllBytes(run.resolve("model/model.safetensors")),
                "looking changes nothing");
        long spent = rows.stream()
                .mapToLong(row -> row.path("tokenForwards").longValue())
                .sum();
        assertTrue(spent > 0);
        for (String total : List.of("tokenForwards", "rolloutForwards")) {
            assertEquals(
                    Json.read(without.resolve("compute.json")).path(total).longValue() + spent,
                    Json.read(out.compute()).path(total).longValue(),
                    "its compute counts as generation");
        }
    }

    @Test
    void aRunThatIsStoppedAndResumedValidatesAndEndsAsAnUndisturbedOne() throws Exception {
        String stop = "stop={by: validation, patience: 4, minGain: 2}";
        String[] settings = {stop, "steps=12", "checkpointEvery=100"};
        Path whole = folder.resolve("ends-early");
        assertTrue(train("ends-early", validating("every: 2, samples: 3", settings)));
        assertEquals(4, metrics(whole).size(), "no mIoU rises by 2");
        assertEquals(3, validations(whole).size());
        assertEquals(3, validations(whole).get(0).path("samples").intValue());
        String note = RunManifest.read(whole).notes().get("stopped");
        assertTrue(note.contains("after 4 steps: the validation had stopped rising"), note);

        Path parted = folder.resolve("parted");
        TrainingPlan plan = new TrainingPlan(validating("every: 2, samples: 3", settings), parted, List.of());
        int stops = 0;
        boolean done = train(plan, () -> true, false);
        while (!done && ++stops < 9) {
            done = train(plan, () -> true, true);
        }
        assertTrue(done);
        assertEquals(4, stops, "one stop after each step");
        assertEquals(scores(whole), scores(parted));
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(parted.resolve("model/model.safetensors")));
        assertEquals(
                Json.read(whole.resolve("compute.json")).path("tokenForwards"),
                Json.read(parted.resolve("compute.json")).path("tokenForwards"));
        Files.delete(parted.resolve("compute.json"));
        assertTrue(train(plan, () -> false, true));
        assertEquals(scores(whole), scores(parted), "a validation that is repeated is not written twice");
    }

    @Test
    void whatCannotBeValidatedIsNamedBeforeTheFirstStep() {
        String message = assertThrows(InputException.class, () -> recipe("stop={by: validation}", "steps=5"))
                .getMessage();
        assertTrue(message.contains("validation.data=FILE"), message);

        Path empty = heldOut.resolveSibling("no-intervals.jsonl");
        Sample sample = Samples.read(heldOut).get(0);
        Samples.write(empty, List.of(Sample.vtg("blank", sample.video(), 12, "it is bright", List.of())));
        refused("\"blank\" has no intervals", recipe("validation={data: " + empty + "}"));

        Path gone = heldOut.resolveSibling("gone.jsonl");
        Samples.write(gone, List.of(Sample.vtg("lost", "lost.mp4", 12, "it is bright", sample.intervals())));
        refused("such as that of \"lost\"", recipe("validation={data: " + gone + "}"));

        List<String> notes = new ArrayList<>();
        new TrainingPlan(recipe("validation={data: " + world.data + "}"), folder.resolve("same"), List.of())
                .check(false, notes::add);
        assertTrue(
                notes.stream()
                        .anyMatch(note -> note.contains("of the 6 samples of the validation, 6 are about videos")),
                notes.toString());
        assertFalse(Files.exists(folder.resolve("same").resolve("metrics.jsonl")));
    }

    private static void refused(String part, Recipe recipe) {
        String message = assertThrows(
                        InputException.class,
                        () -> new TrainingPlan(recipe, folder.resolve("refused"), List.of()).check(false, note -> {}))
                .getMessage();
        assertTrue(message.contains(part), message);
    }
}
