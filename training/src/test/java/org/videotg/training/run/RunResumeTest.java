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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.run.RunManifest;
import org.videotg.core.run.Stop;
import org.videotg.models.safetensors.SafetensorsDtype;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.tensorboard.EventFiles;

/** Runs that are stopped, killed or crash end with the weights of a run that is left alone. */
class RunResumeTest extends WithTrainedModel {
    @Test
    void aRunThatIsStoppedAfterEveryStepEndsWithTheSameWeights() throws Exception {
        Path whole = folder.resolve("whole");
        assertTrue(train(new TrainingPlan(recipe(), whole, List.of()), () -> false, false));
        List<JsonNode> rows = metrics(whole);
        assertTrue(
                rows.stream().anyMatch(row -> row.path("rewardStd").doubleValue() > 0),
                "some group has a signal: " + rows);
        assertTrue(
                rows.get(0).path("maskRatio").doubleValue() > 0
                        && rows.get(5).path("maskRatio").doubleValue() == 0,
                "the mask opens");
        Path parted = folder.resolve("parted");
        boolean done = train(new TrainingPlan(recipe(), parted, List.of()), () -> true, false);
        for (int i = 0; !done && i < 10; i++) {
            done = train(new TrainingPlan(recipe(), parted, List.of()), () -> true, true);
        }
        assertTrue(done);
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(parted.resolve("model/model.safetensors")));
        assertEquals(
                rows.stream().map(row -> row.path("reward")).toList(),
                metrics(parted).stream().map(row -> row.path("reward")).toList());
        Map<String, NavigableMap<Long, Float>> scalars = EventFiles.scalars(new RunFolder(parted).tensorboard());
        for (JsonNode row : metrics(parted)) {
            long step = row.path("step").longValue();
            row.properties()
                    .forEach(figure -> assertTrue(
                            figure.getKey().equals("step")
                                    || scalars.get(figure.getKey()).get(step)
                                            == figure.getValue().floatValue(),
                            figure + " at " + step));
        }
        assertEquals(rows.size(), scalars.get("reward").size());
        List<String> told = Jsonl.read(new RunFolder(parted).rollouts()).stream()
                .map(row -> row.node().path("groups").toString())
                .toList();
        assertEquals(rows.size(), told.size());
        assertEquals(
                Jsonl.read(new RunFolder(whole).rollouts()).stream()
                        .map(row -> row.node().path("groups").toString())
                        .toList(),
                told);
        assertFalse(
                Arrays.equals(
                        Files.readAllBytes(sftRun.resolve("model/model.safetensors")),
                        Files.readAllBytes(whole.resolve("model/model.safetensors"))),
                "weights move");
    }

    /** Trains a whole run, and one that is stopped after 3 steps and resumed, and compares them. */
    private static Path resumesBitForBit(String name, String... overrides) throws Exception {
        Path whole = folder.resolve(name);
        assertTrue(train(new TrainingPlan(recipe(overrides), whole, List.of()), () -> false, false));
        Path parted = folder.resolve(name + "-parted");
        AtomicInteger steps = new AtomicInteger();
        assertFalse(train(
                new TrainingPlan(recipe(overrides), parted, List.of()), () -> steps.incrementAndGet() == 3, false));
        assertTrue(train(new TrainingPlan(recipe(overrides), parted, List.of()), () -> false, true));
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(parted.resolve("model/model.safetensors")));
        assertEquals(figures(whole), figures(parted));
        return whole;
    }

    @Test
    void groupsWithoutSignalAreReplacedAndCounted() throws Exception {
        String[] settings = {"grpo.group=2", "grpo.temperature=0.3", "grpo.resample=2", "curriculum.name=none"};
        Path run = resumesBitForBit("resampled", settings);
        int further = 0;
        for (JsonNode row : metrics(run)) {
            double before = 3 * row.path("noSignal").doubleValue();
            double after = 3 * row.path("noSignalAfter").doubleValue();
            int tried = row.path("resampled").intValue();
            assertTrue(before == 0 ? tried == 0 : tried >= Math.min(before, 3) - 1e-9, row.toString());
            assertTrue(tried <= 3, "the batch has half of the data");
            assertTrue(after <= before && before - after <= tried + 1e-9, row.toString());
            further += tried;
        }
        assertTrue(further > 0, "some group has no signal");
        Path without = folder.resolve("not-resampled");
        settings[2] = "grpo.resample=0";
        assertTrue(train(new TrainingPlan(recipe(settings), without, List.of()), () -> false, false));
        JsonNode first = metrics(run).stream()
                .filter(row -> row.path("resampled").intValue() > 0)
                .findFirst()
                .orElseThrow();
        JsonNode plain = metrics(without).get(first.path("step").intValue());
        assertEquals(plain.path("reward"), first.path("reward"), "the same scheduled groups, at the same weights");
        assertEquals(plain.path("noSignal"), first.path("noSignal"));
        assertTrue(
                first.path("tokenForwards").longValue()
                        > plain.path("tokenForwards").longValue(),
                "rollouts of other prompts cost as well");
        assertFalse(plain.has("noSignalAfter"));
    }

    @Test
    void aRunWhoseRewardStopsRisingEndsAtTheSameStepHoweverOftenItIsResumed() throws Exception {
        String[] settings = {"curriculum.name=none", "stop={window: 2, patience: 2, minGain: 9}", "checkpointEvery=5"};
        Path run = resumesBitForBit("plateau", settings);
        List<JsonNode> rows = metrics(run);
        assertEquals(4, rows.size(), "the window is full after 2 steps, and 2 more bring nothing");
        assertEquals(
                List.of(0, 0, 1, 2),
                rows.stream().map(row -> row.path("sinceBest").intValue()).toList());
        assertEquals(
                (rows.get(2).path("reward").doubleValue()
                                + rows.get(3).path("reward").doubleValue())
                        / 2,
                rows.get(3).path("rewardMean").doubleValue(),
                1e-12);
        assertEquals(4, Json.read(run.resolve("compute.json")).path("steps").intValue());
        String note = RunManifest.read(run).notes().get("stopped");
        assertTrue(note.startsWith("after 4 steps"), note);
        assertTrue(train(new TrainingPlan(recipe(settings), run, List.of()), () -> false, true), "it is done");
        Files.delete(run.resolve("compute.json"));
        assertTrue(train(new TrainingPlan(recipe(settings), run, List.of()), () -> false, true));
        assertEquals(4, metrics(run).size(), "the model is written again, and no step is done");

        Path masked = folder.resolve("masked");
        settings[0] = "curriculum={name: linear, gamma: 0.5}";
        assertTrue(train(new TrainingPlan(recipe(settings), masked, List.of()), () -> false, false));
        assertEquals(6, metrics(masked).size(), "3 masked steps don't count");
    }

    @Test
    void anAdaptiveCurriculumFollowsTheRewardAlsoWhenItIsResumed() throws Exception {
        Path run =
                resumesBitForBit("adaptive", "curriculum={name: adaptive, gamma: 0.8, target: 0, rate: 3, mode: drop}");
        double ratio = 1;
        List<Double> masked = new ArrayList<>();
        for (JsonNode row : metrics(run)) {
            masked.add(row.path("maskRatio").doubleValue());
            if (row.has("hardIou")) {
                ratio = Math.min(1, Math.max(0, ratio - 3 * row.path("hardIou").doubleValue() / 6));
            }
        }
        assertEquals(
                ratio,
                TrainingCheckpoints.state(
                                new RunFolder(run).checkpoints().latest().orElseThrow())
                        .maskRatio(),
                1e-12);
        assertTrue(ratio < 1 && ratio > 0, "it moves: " + metrics(run));
        assertTrue(masked.get(0) > 0 && masked.get(5) == 0, masked.toString());
    }

    @Test
    void inBfloat16EveryMethodTrainsInFloat32AndResumesBitForBit() throws Exception {
        for (String method : List.of("method=sft", "method=grpo", "lora={rank: 2, alpha: 4}")) {
            String[] settings = {
                method,
                "steps=3",
                "compute={dtype: bfloat16, device: cpu}",
                "optimizer.learningRate=0.005",
                "grpo.loss={name: grpo, beta: 0.05}"
            };
            Path whole = folder.resolve("bf16-" + method.substring(0, method.indexOf('=') + 2));
            assertTrue(train(new TrainingPlan(recipe(settings), whole, List.of()), () -> false, false));
            Path parted = folder.resolve(whole.getFileName() + "-parted");
            boolean done = train(new TrainingPlan(recipe(settings), parted, List.of()), () -> true, false);
            settings[2] = "compute={device: cpu}";
            assertThrows(
                    InputException.class,
                    () -> train(new TrainingPlan(recipe(settings), parted, List.of()), () -> true, true));
            settings[2] = "compute={dtype: bfloat16, device: cpu}";
            for (int i = 0; !done && i < 5; i++) {
                done = train(new TrainingPlan(recipe(settings), parted, List.of()), () -> true, true);
            }
            assertArrayEquals(
                    Files.readAllBytes(whole.resolve("model/model.safetensors")),
                    Files.readAllBytes(parted.resolve("model/model.safetensors")),
                    method);
            try (SafetensorsFile file = SafetensorsFile.open(whole.resolve("model/model.safetensors"))) {
                assertTrue(
                        file.names().stream().allMatch(name -> file.dtype(name) == SafetensorsDtype.F32),
                        "masters are saved");
            }
            assertEquals("cpu bfloat16", RunManifest.read(whole).model().compute());
        }
    }

    @Test
    void crashesKillsAndStopsDoNotChangeTheFinalWeights() throws Exception {
        List<String> overrides =
                List.of("model=" + sftRun.resolve("model"), "steps=24", "checkpointEvery=3", "compute.workers=2");
        Path whole = folder.resolve("undisturbed");
        assertTrue(train(new TrainingPlan(Recipe.read(grpo(), overrides), whole, List.of()), () -> false, false));

        Path disturbed = folder.resolve("disturbed");
        List<String> output = new CopyOnWriteArrayList<>();
        Supervisor supervisor =
                new Supervisor(new TrainingPlan(Recipe.read(grpo(), overrides), disturbed, List.of()), output::add);
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> supervisor.run(false));
        signalAfter("SEGV", 4, disturbed, code);
        signalAfter("KILL", 9, disturbed, code);
        signalAfter("TERM", 15, disturbed, code);
        assertEquals(Stop.TERMINATED, code.get(60, TimeUnit.SECONDS), output.toString());
        assertTrue(
                output.get(output.size() - 1)
                        .matches("stopped at grpo: \\d+/24; go on with the same command and --resume"),
                output.toString());
        List<String> events = output.stream()
                .filter(line -> line.startsWith("training was killed"))
                .toList();
        assertEquals(2, events.size(), output.toString());
        assertTrue(events.get(0).contains("signal 6") && events.get(1).contains("signal 9"), events.toString());
        try (var files = Files.list(disturbed)) {
            assertTrue(files.anyMatch(file -> file.getFileName().toString().startsWith("hs_err_")));
        }
        long stoppedAfter = metrics(disturbed).size();
        assertTrue(stoppedAfter < 24);
        assertEquals(
                stoppedAfter,
                TrainingCheckpoints.state(
                                new RunFolder(disturbed).checkpoints().latest().orElseThrow())
                        .steps());

        assertEquals(0, supervisor.run(true));
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(disturbed.resolve("model/model.safetensors")));
        assertEquals(figures(whole), figures(disturbed));
    }

    /** What a power failure leaves of files that were not forced. Then nothing begins anew beside the checkpoint. */
    @Test
    void damagedFilesOfARunAreNamedAndNothingIsTrained() throws Exception {
        Path run = folder.resolve("damaged");
        TrainingPlan plan = new TrainingPlan(recipe("steps=2"), run, List.of());
        assertFalse(train(plan, () -> true, false));
        Path state = new RunFolder(run).checkpoints().latest().orElseThrow().resolve("state.json");
        byte[] whole = Files.readAllBytes(state);
        Files.write(state, new byte[0]);
        refused("state.json", plan);
        Files.write(state, whole);
        for (String marker : List.of("", "null", "{}", "[]")) {
            Files.writeString(run.resolve("compute.json"), marker);
            refused("compute.json", plan);
        }
        Files.delete(run.resolve("compute.json"));
        // What tells only how the run went keeps nobody from going on.
        for (String log : List.of("metrics.jsonl", "rollouts.jsonl")) {
            Files.writeString(run.resolve(log), "{\"step\":0,\"damaged\n" + Files.readString(run.resolve(log)));
        }
        assertTrue(train(plan, () -> false, true));
        for (String log : List.of("metrics.jsonl", "rollouts.jsonl")) {
            assertEquals(
                    List.of(0, 1),
                    Jsonl.read(run.resolve(log)).stream()
                            .map(row -> row.node().path("step").asInt())
                            .toList());
        }
        Files.delete(run.resolve("model/config.json"));
        refused("config.json", plan);
    }

    private static void refused(String file, TrainingPlan plan) {
        String message = assertThrows(InputException.class, () -> train(plan, () -> false, true))
                .getMessage();
        assertTrue(message.contains(file), message);
    }

    @Test
    void aRunThatBeganWithoutAPlanFileIsResumed() throws Exception {
        Path whole = folder.resolve("planned");
        assertTrue(train(new TrainingPlan(recipe(), whole, List.of()), () -> false, false));
        Path old = folder.resolve("unplanned");
        assertFalse(train(new TrainingPlan(recipe(), old, List.of()), () -> true, false));
        assertFalse(Files.exists(old.resolve("plan.json")));
        assertEquals(0, new Supervisor(new TrainingPlan(recipe(), old, List.of()), line -> {}).run(true));
        assertEquals(recipe(), TrainingPlan.read(old, 0).recipe());
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(old.resolve("model/model.safetensors")));
    }

    /** Another command may replace plan.json after the child has read it. */
    @Test
    void aRestartedChildReadsThePlanOfItsRun() throws Exception {
        Path run = folder.resolve("replaced");
        Recipe recipe = recipe("steps=12", "checkpointEvery=1");
        Supervisor supervisor = new Supervisor(new TrainingPlan(recipe, run, List.of()), line -> {});
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> supervisor.run(false));
        awaitSteps(1, run, code);
        new TrainingPlan(recipe("seed=9"), run, List.of()).write(0);
        signalAfter("KILL", 3, run, code);
        assertEquals(0, code.get(60, TimeUnit.SECONDS));
        assertEquals(recipe, TrainingPlan.read(run, 0).recipe());
    }

    /** Everything in the metrics that is not time. */
    private static List<JsonNode> figures(Path run) {
        return metrics(run).stream()
                .<JsonNode>map(row -> ((ObjectNode) row.deepCopy())
                        .without(List.of("seconds", "cpuSeconds", "tokensPerSecond", "memoryBytes")))
                .toList();
    }

    private static void awaitSteps(int steps, Path run, CompletableFuture<Integer> code) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(run.resolve("metrics.jsonl"))
                || Files.readAllLines(run.resolve("metrics.jsonl")).size() < steps) {
            assertFalse(code.isDone(), () -> "the run ended early with " + code.join());
            assertTrue(System.nanoTime() < deadline, "no step " + steps);
            Thread.sleep(5);
        }
    }

    /** Sends a signal to the training process as soon as it has written a number of steps. */
    private static void signalAfter(String signal, int steps, Path run, CompletableFuture<Integer> code)
            throws Exception {
        awaitSteps(steps, run, code);
        ProcessHandle child = ProcessHandle.current()
                .children()
                .filter(process -> process.info().commandLine().orElse("").contains(TrainingChild.class.getName()))
                .findFirst()
                .orElseThrow();
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + signal, String.valueOf(child.pid()))
                        .start()
                        .waitFor());
        child.onExit().get(30, TimeUnit.SECONDS);
    }
}
