package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.Task;
import org.videotg.training.recipe.Recipe;

/** Whole runs on tiny weights. */
class TrainingRunTest extends WithTrainedModel {
    @Test
    void supervisedTrainingLowersTheLossAndLeavesAWholeRun() {
        List<JsonNode> rows = metrics(sftRun);
        assertEquals(60, rows.size());
        assertTrue(
                rows.get(59).path("loss").doubleValue()
                        < 0.5 * rows.get(0).path("loss").doubleValue(),
                "loss " + rows.get(0).path("loss") + " to " + rows.get(59).path("loss"));
        for (String file :
                List.of("model/tokenizer.json", "model/config.json", "model/model.safetensors", RunManifest.FILE)) {
            assertTrue(Files.exists(sftRun.resolve(file)), file);
        }
        JsonNode compute = Json.read(sftRun.resolve("compute.json"));
        assertEquals(
                compute.path("trainingForwards").longValue(),
                compute.path("tokenForwards").longValue());
        assertTrue(compute.path("cpuSeconds").doubleValue() > 0);
        RunManifest manifest = RunManifest.read(sftRun);
        assertEquals("sft", manifest.recipe().path("method").asText());
        assertEquals(2, manifest.fps());
        assertTrue(manifest.model().preprocessing().contains(manifest.pixelBudget()), manifest.toString());
    }

    @Test
    void aTrialKeepsTheFiguresOfItsStepsAlone() {
        Path run = folder.resolve("trial");
        assertTrue(train(TrainingPlan.trial(recipe("steps=2"), run), () -> false, false));
        assertEquals(2, metrics(run).size());
        assertEquals(2, Json.read(run.resolve("compute.json")).path("steps").intValue());
        assertFalse(Files.exists(run.resolve("model")));
        assertFalse(Files.exists(run.resolve("checkpoints")));
    }

    /** Questions are trained with SFT and then with GRPO, which reports the parts of its reward. */
    @Test
    void groundedQuestionsAreTaughtAndRewarded() {
        Path data = world.data.resolveSibling("questions.jsonl");
        List<Sample> questions = Samples.read(world.data).stream()
                .map(sample -> new Sample(
                        sample.id(),
                        sample.video(),
                        sample.duration(),
                        "how is it?",
                        sample.intervals(),
                        Task.GQA,
                        List.of("bright", "dark"),
                        "A",
                        sample.extra()))
                .toList();
        Samples.write(data, questions);
        Path sft = world.recipe(
                "questions",
                "method: sft",
                "steps: 60",
                "batch: 6",
                "optimizer: {learningRate: 0.01, schedule: constant}",
                "compute: {workers: 2}");
        Path questionsSft = folder.resolve("questions-sft");
        assertTrue(train(
                new TrainingPlan(Recipe.read(sft, List.of("data=" + data)), questionsSft, List.of()),
                () -> false,
                false));
        Path rewarded = folder.resolve("questions-grpo");
        Recipe grpo = Recipe.read(
                grpo(),
                List.of(
                        "model=" + questionsSft.resolve("model"),
                        "data=" + data,
                        "steps=2",
                        "grpo.maxTokens=20",
                        "grpo.rewards={answer: 2, iou: 1, format: 0.1}"));
        assertTrue(train(new TrainingPlan(grpo, rewarded, List.of()), () -> false, false));
        for (JsonNode row : metrics(rewarded)) {
            assertEquals(
                    row.path("reward").doubleValue(),
                    2 * row.path("reward.answer").doubleValue()
                            + row.path("reward.iou").doubleValue()
                            + .1 * row.path("reward.format").doubleValue(),
                    1e-9);
            assertTrue(
                    row.path("reward.answer").doubleValue() > 0, "rollouts choose the option that SFT trained: " + row);
        }
    }

    @Test
    void otherSettingsCannotBeResumedAndAnotherRunIsNotOverwritten() {
        Path run = folder.resolve("changed");
        assertFalse(train(new TrainingPlan(recipe(), run, List.of()), () -> true, false));
        String overwrite = assertThrows(
                        InputException.class,
                        () -> train(new TrainingPlan(recipe(), run, List.of()), () -> true, false))
                .getMessage();
        assertTrue(overwrite.contains("--resume"), overwrite);
        String changed = assertThrows(
                        InputException.class,
                        () -> train(new TrainingPlan(recipe("seed=9"), run, List.of()), () -> true, true))
                .getMessage();
        assertTrue(changed.contains("the recipe changed"), changed);
        Path sft = world.recipe(
                "sft-again",
                "method: sft",
                "steps: 60",
                "batch: 6",
                "optimizer: {learningRate: 0.01, schedule: constant}",
                "compute: {workers: 2}");
        assertTrue(
                train(new TrainingPlan(Recipe.read(sft, List.of()), sftRun, List.of()), () -> false, true),
                "it is done");
        String longer = assertThrows(
                        InputException.class,
                        () -> train(
                                new TrainingPlan(Recipe.read(sft, List.of("steps=90")), sftRun, List.of()),
                                () -> false,
                                true))
                .getMessage();
        assertTrue(longer.contains("the recipe changed"), longer);
    }

    @Test
    void aCurriculumWithoutHardSamplesIsSaid() {
        Path data = world.data.resolveSibling("plain.jsonl");
        Samples.write(
                data,
                Samples.read(world.data).stream()
                        .map(sample -> Sample.vtg(
                                sample.id(), sample.video(), sample.duration(), sample.query(), sample.intervals()))
                        .toList());
        String notes = String.join("", notes("data=" + data));
        assertTrue(notes.contains("the curriculum masks nothing"), notes);
        assertEquals(List.of(), notes());
    }

    @Test
    void intervalsWithoutLengthAreSaid() {
        Path data = world.data.resolveSibling("reversed.jsonl");
        List<Sample> samples = new ArrayList<>(Samples.read(world.data));
        Sample first = samples.get(0);
        samples.set(
                0, Sample.vtg(first.id(), first.video(), first.duration(), first.query(), List.of(new Interval(4, 2))));
        Samples.write(data, samples);
        String notes = String.join("", notes("data=" + data));
        assertTrue(notes.contains("1 of " + samples.size() + " samples"), notes);
    }

    private static List<String> notes(String... overrides) {
        List<String> notes = new ArrayList<>();
        new TrainingPlan(recipe(overrides), folder, List.of()).check(false, notes::add);
        return notes;
    }

    /** Not when its step comes. */
    @Test
    void aSampleThatCannotTeachIsSaidBeforeTraining() {
        List<Sample> samples = new ArrayList<>(Samples.read(world.data));
        Sample last = samples.remove(samples.size() - 1);
        samples.add(new Sample(
                "unanswered",
                last.video(),
                last.duration(),
                "how is it?",
                last.intervals(),
                Task.GQA,
                List.of("bright", "dark"),
                null,
                last.extra()));
        Path data = world.data.resolveSibling("unanswered.jsonl");
        Samples.write(data, samples);
        Path run = folder.resolve("unanswered");
        String message = assertThrows(
                        InputException.class,
                        () -> train(
                                new TrainingPlan(recipe("method=sft", "batch=1", "data=" + data), run, List.of()),
                                () -> false,
                                false))
                .getMessage();
        assertTrue(message.contains("\"unanswered\"") && message.contains("\"answer\""), message);
        assertFalse(new RunFolder(run).hasSteps());
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunAndKeepsTheCheckpoint() {
        Path run = folder.resolve("diverged");
        AtomicInteger steps = new AtomicInteger();
        Recipe wild = recipe(
                "method=sft", "optimizer={learningRate: 1.0e+30, clip: 0, schedule: constant}", "checkpointEvery=1");
        String message = assertThrows(
                        InputException.class,
                        () -> train(
                                new TrainingPlan(wild, run, List.of()),
                                () -> {
                                    steps.incrementAndGet();
                                    return false;
                                },
                                false))
                .getMessage();
        assertTrue(message.contains("the loss is") && message.contains("learningRate"), message);
        assertEquals(
                steps.get(),
                TrainingCheckpoints.state(
                                new RunFolder(run).checkpoints().latest().orElseThrow())
                        .steps());
    }

    @Test
    void everyLossTrainsWithAReferenceAndATrainedTower() {
        for (String loss : List.of("grpo", "dr_grpo")) {
            Path run = folder.resolve("beta-" + loss);
            Recipe penalised =
                    recipe("steps=2", "grpo.loss={name: " + loss + ", beta: 0.1}", "compute={trainVision: true}");
            assertTrue(train(new TrainingPlan(penalised, run, List.of()), () -> false, false));
            List<JsonNode> rows = metrics(run);
            assertEquals(0, rows.get(0).path("kl").doubleValue(), 1e-9);
            assertTrue(rows.get(1).path("kl").doubleValue() > 0);
        }
    }

    /** Recomputed activations change the cost only. */
    @Test
    void recomputingGivesTheSameSteps() {
        List<List<JsonNode>> figures = new ArrayList<>();
        for (boolean recompute : List.of(false, true)) {
            Path run = folder.resolve("recompute-" + recompute);
            assertTrue(train(
                    new TrainingPlan(
                            recipe("steps=3", "compute.trainVision=true", "compute.recompute=" + recompute),
                            run,
                            List.of()),
                    () -> false,
                    false));
            figures.add(metrics(run));
        }
        for (int step = 0; step < 3; step++) {
            for (String figure : List.of("loss", "gradNorm", "reward")) {
                double kept = figures.get(0).get(step).path(figure).doubleValue();
                assertEquals(
                        kept,
                        figures.get(1).get(step).path(figure).doubleValue(),
                        1e-4 * Math.max(1, Math.abs(kept)),
                        figure);
            }
        }
        long kept = Json.read(folder.resolve("recompute-false/compute.json"))
                .path("trainingForwards")
                .longValue();
        long recomputed = Json.read(folder.resolve("recompute-true/compute.json"))
                .path("trainingForwards")
                .longValue();
        assertEquals(kept * 4, recomputed * 3);
    }

    @Test
    void advantagesLeftUnscaledGiveAnotherGradient() {
        List<Double> norms = new ArrayList<>();
        for (String scaled : List.of("true", "false")) {
            Path run = folder.resolve("scaled-" + scaled);
            assertTrue(train(
                    new TrainingPlan(recipe("steps=1", "grpo.scaleRewards=" + scaled), run, List.of()),
                    () -> false,
                    false));
            norms.add(metrics(run).get(0).path("gradNorm").doubleValue());
        }
        assertTrue(norms.get(1) > 0 && norms.get(1) < norms.get(0), norms.toString());
    }

    @Test
    void badInputEndsTheRunWithoutAnotherTry() {
        Path run = folder.resolve("hopeless");
        List<String> output = new ArrayList<>();
        Supervisor supervisor = new Supervisor(
                new TrainingPlan(Recipe.read(grpo(), List.of("model=" + folder.resolve("nowhere"))), run, List.of()),
                output::add);
        assertEquals(1, supervisor.run(false));
        assertEquals(1, output.size(), output.toString());
        assertTrue(output.get(0).startsWith("error: " + folder.resolve("nowhere")), output.toString());
    }

    @Test
    void stepsLeakNoNativeMemory() {
        AtomicInteger step = new AtomicInteger();
        List<Long> resident = new ArrayList<>();
        List<Long> pointers = new ArrayList<>();
        assertTrue(train(
                new TrainingPlan(
                        recipe("steps=200", "batch=1", "checkpointEvery=1000", "optimizer.learningRate=0.0001"),
                        folder.resolve("long"),
                        List.of()),
                () -> {
                    if (step.incrementAndGet() % 50 == 0) {
                        System.gc();
                        resident.add(residentKilobytes());
                        pointers.add(Pointer.totalCount());
                    }
                    return false;
                },
                false));
        // JavaCPP frees on a thread of its own, so that a count may be off by the few objects still in its queue;
        // one object kept by every tenth step is found.
        assertTrue(
                pointers.get(3) - pointers.get(0) < 15, "native objects alive after each 50 steps of 200: " + pointers);
        long growth = resident.get(3) - resident.get(0);
        assertTrue(growth < 64 * 1024, "resident memory grew by " + growth + " kB in 150 steps");
    }

    private static long residentKilobytes() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
