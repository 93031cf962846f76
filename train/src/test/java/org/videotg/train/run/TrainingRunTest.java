package org.videotg.train.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.error.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.manifest.RunManifest;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.checkpoint.WeightFiles;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.Task;
import org.videotg.model.lora.LoraAdapter;
import org.videotg.model.safetensors.Dtype;
import org.videotg.model.safetensors.SafetensorsFile;
import org.videotg.train.TinyWorld;
import org.videotg.train.checkpoint.Checkpoints;
import org.videotg.train.recipe.Recipe;
import org.videotg.train.recipe.RecipeFile;

/** Whole runs on tiny random weights: SFT teaches them the form of a reply, so that GRPO's rollouts differ in reward. */
class TrainingRunTest {
    @TempDir
    static Path folder;

    private static TinyWorld world;
    private static Path taught;

    @BeforeAll
    static void teach() {
        world = new TinyWorld(folder, "qwen3vl", 6);
        Path sft = world.recipe("sft", "method: sft", "steps: 60", "batch: 6",
                "optimizer: {learningRate: 0.01, schedule: constant}", "compute: {workers: 2}");
        taught = folder.resolve("sft");
        assertTrue(new TrainingRun(RecipeFile.read(sft, List.of()), taught, () -> false).run(false, List.of()));
    }

    private static Path grpo() {
        return world.recipe("grpo", "method: grpo", "steps: 6", "batch: 3", "checkpointEvery: 2",
                "grpo: {group: 6, maxTokens: 14}", "optimizer: {learningRate: 0.001}", "curriculum: {name: linear, mode: drop}");
    }

    private static Recipe recipe(String... overrides) {
        List<String> all = new ArrayList<>(List.of("model=" + taught.resolve("model")));
        all.addAll(List.of(overrides));
        return RecipeFile.read(grpo(), all);
    }

    private static List<JsonNode> metrics(Path run) {
        return Jsonl.read(run.resolve("metrics.jsonl")).stream().map(Jsonl.Row::node).toList();
    }

    @Test
    void supervisedTrainingLowersTheLossAndLeavesAWholeRun() {
        List<JsonNode> rows = metrics(taught);
        assertEquals(60, rows.size());
        assertTrue(rows.get(59).path("loss").doubleValue() < 0.5 * rows.get(0).path("loss").doubleValue(),
                "loss " + rows.get(0).path("loss") + " to " + rows.get(59).path("loss"));
        for (String file : List.of("model/tokenizer.json", "model/config.json", "model/model.safetensors", RunManifest.FILE)) {
            assertTrue(Files.exists(taught.resolve(file)), file);
        }
        JsonNode compute = Json.read(taught.resolve("compute.json"));
        assertEquals(compute.path("trainingForwards").longValue(), compute.path("tokenForwards").longValue());
        assertTrue(compute.path("cpuSeconds").doubleValue() > 0);
        RunManifest manifest = RunManifest.read(taught);
        assertEquals("sft", manifest.recipe().path("method").asText());
        assertEquals(2, manifest.fps());
        assertTrue(manifest.model().preprocessing().contains(manifest.pixelBudget()), manifest.toString());
    }

    @Test
    void aRunThatIsStoppedAfterEveryStepEndsWithTheSameWeights() throws Exception {
        Path whole = folder.resolve("whole");
        assertTrue(new TrainingRun(recipe(), whole, () -> false).run(false, List.of()));
        List<JsonNode> rows = metrics(whole);
        assertTrue(rows.stream().anyMatch(row -> row.path("rewardStd").doubleValue() > 0), "some group has a signal: " + rows);
        assertTrue(rows.get(0).path("maskRatio").doubleValue() > 0 && rows.get(5).path("maskRatio").doubleValue() == 0,
                "the mask opens");
        Path parted = folder.resolve("parted");
        boolean done = new TrainingRun(recipe(), parted, () -> true).run(false, List.of());
        for (int i = 0; !done && i < 10; i++) {
            done = new TrainingRun(recipe(), parted, () -> true).run(true, List.of());
        }
        assertTrue(done);
        assertArrayEquals(Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(parted.resolve("model/model.safetensors")));
        assertEquals(rows.stream().map(row -> row.path("reward")).toList(),
                metrics(parted).stream().map(row -> row.path("reward")).toList());
        assertFalse(java.util.Arrays.equals(Files.readAllBytes(taught.resolve("model/model.safetensors")),
                Files.readAllBytes(whole.resolve("model/model.safetensors"))), "weights move");
    }

    /** Questions are taught and then rewarded; what a step reports are the parts of its reward. */
    @Test
    void groundedQuestionsAreTaughtAndRewarded() {
        Path data = world.data.resolveSibling("questions.jsonl");
        List<Sample> questions = Samples.read(world.data).stream().map(sample -> new Sample(sample.id(), sample.video(),
                sample.duration(), "how is it?", sample.intervals(), Task.GQA, List.of("bright", "dark"), "A",
                        sample.extra())).toList();
        Samples.write(data, questions);
        Path sft = world.recipe("questions", "method: sft", "steps: 60", "batch: 6",
                "optimizer: {learningRate: 0.01, schedule: constant}", "compute: {workers: 2}");
        Path taughtQuestions = folder.resolve("questions-sft");
        assertTrue(new TrainingRun(RecipeFile.read(sft, List.of("data=" + data)), taughtQuestions, () -> false).run(false,
                List.of()));
        Path rewarded = folder.resolve("questions-grpo");
        Recipe grpo = RecipeFile.read(grpo(), List.of("model=" + taughtQuestions.resolve("model"), "data=" + data, "steps=2",
                "grpo.maxTokens=20", "grpo.rewards={answer: 2, iou: 1, format: 0.1}"));
        assertTrue(new TrainingRun(grpo, rewarded, () -> false).run(false, List.of()));
        for (JsonNode row : metrics(rewarded)) {
            assertEquals(row.path("reward").doubleValue(), 2 * row.path("reward.answer").doubleValue()
                    + row.path("reward.iou").doubleValue() + .1 * row.path("reward.format").doubleValue(), 1e-9);
            assertTrue(row.path("reward.answer").doubleValue() > 0, "what was taught is the right option: " + row);
        }
    }

    @Test
    void inBfloat16EveryMethodTrainsInFloat32AndResumesBitForBit() throws Exception {
        for (String method : List.of("method=sft", "method=grpo", "lora={rank: 2, alpha: 4}")) {
            String[] settings = {method, "steps=3", "compute={dtype: bfloat16, device: cpu}", "optimizer.learningRate=0.005",
                "grpo.loss={name: grpo, beta: 0.05}"};
            Path whole = folder.resolve("bf16-" + method.substring(0, method.indexOf('=') + 2));
            assertTrue(new TrainingRun(recipe(settings), whole, () -> false).run(false, List.of()));
            Path parted = folder.resolve(whole.getFileName() + "-parted");
            boolean done = new TrainingRun(recipe(settings), parted, () -> true).run(false, List.of());
            settings[2] = "compute={device: cpu}";
            assertThrows(InputException.class, () -> new TrainingRun(recipe(settings), parted, () -> true).run(true, List.of()));
            settings[2] = "compute={dtype: bfloat16, device: cpu}";
            for (int i = 0; !done && i < 5; i++) {
                done = new TrainingRun(recipe(settings), parted, () -> true).run(true, List.of());
            }
            assertArrayEquals(Files.readAllBytes(whole.resolve("model/model.safetensors")),
                    Files.readAllBytes(parted.resolve("model/model.safetensors")), method);
            try (SafetensorsFile file = SafetensorsFile.open(whole.resolve("model/model.safetensors"))) {
                assertTrue(file.names().stream().allMatch(name -> file.dtype(name) == Dtype.F32), "masters are saved");
            }
            assertEquals("cpu bfloat16", RunManifest.read(whole).model().compute());
        }
    }

    @Test
    void anAdapterIsTrainedAloneAndResumesBitForBit() throws Exception {
        String lora = "lora={rank: 4, alpha: 8, rslora: true}";
        String[] settings = {lora, "grpo.loss={name: grpo, beta: 0.05}", "optimizer.learningRate=0.005", "compute={workers: 2}"};
        Path whole = folder.resolve("lora");
        assertTrue(new TrainingRun(recipe(settings), whole, () -> false).run(false, List.of()));
        List<JsonNode> rows = metrics(whole);
        assertEquals(0, rows.get(0).path("kl").doubleValue(), 1e-9, "the policy without its adapter is the reference");
        assertTrue(rows.get(rows.size() - 1).path("kl").doubleValue() > 0);
        Path parted = folder.resolve("lora-parted");
        boolean done = new TrainingRun(recipe(settings), parted, () -> true).run(false, List.of());
        for (int i = 0; !done && i < 10; i++) {
            done = new TrainingRun(recipe(settings), parted, () -> true).run(true, List.of());
        }
        assertTrue(done);
        for (String file : List.of("adapter/adapter_model.safetensors", "adapter/adapter_config.json",
                "model/model.safetensors")) {
            assertArrayEquals(Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(parted.resolve(file)), file);
        }
        Path checkpoint = new RunFolder(whole).checkpoints().latest().orElseThrow();
        assertFalse(Files.exists(checkpoint.resolve("model.safetensors")), "a checkpoint holds the adapter only");
        // The base with the adapter is the trained model; only what the adapter is for has changed.
        try (Parameters base = WeightFiles.load(taught.resolve("model"), torch.ScalarType.Float);
                Parameters trained = WeightFiles.load(whole.resolve("model"), torch.ScalarType.Float);
                LoraAdapter adapter = LoraAdapter.load(whole.resolve("adapter"), torch.ScalarType.Float);
                PointerScope scope = new PointerScope()) {
            trained.all().forEach((name, tensor) -> assertEquals(!name.matches("model\\.language_model\\..*_proj\\.weight"),
                    torch.equal(tensor, base.all().get(name)), name));
            adapter.merge(base);
            trained.all().forEach((name, tensor) -> assertTrue(torch.equal(tensor, base.all().get(name)), name));
        }
        String frozen = assertThrows(InputException.class, () -> new TrainingRun(recipe("lora={targets: all-linear}"),
                folder.resolve("lora-frozen"), () -> false).run(false, List.of())).getMessage();
        assertTrue(frozen.contains("compute.trainVision"), frozen);
        assertTrue(new TrainingRun(recipe("lora={targets: all-linear, rank: 2}", "compute={trainVision: true}", "steps=2"),
                folder.resolve("lora-vision"), () -> false).run(false, List.of()));
    }

    @Test
    void anAdapterGoesOnFromWhereItWas() throws Exception {
        Path first = folder.resolve("first");
        assertTrue(new TrainingRun(recipe("lora={rank: 3, alpha: 5}", "steps=2", "optimizer.learningRate=0.005"), first, () -> false)
                .run(false, List.of()));
        Path adapter = first.resolve("adapter");
        String[] settings = {"adapter=" + adapter, "grpo.loss={name: grpo, beta: 0.05}", "optimizer.learningRate=0.005", "steps=3"};
        Path second = folder.resolve("second");
        assertTrue(new TrainingRun(recipe(settings), second, () -> false).run(false, List.of()));
        List<JsonNode> rows = metrics(second);
        assertEquals(0, rows.get(0).path("kl").doubleValue(), 1e-9, "the reference is what the run began with, adapter included");
        assertTrue(rows.get(2).path("kl").doubleValue() > 0);
        JsonNode identity = Json.read(second.resolve(RunManifest.FILE)).path("model");
        assertTrue(identity.path("name").asText().endsWith(" + " + adapter) && identity.path("weights").asText().contains("+"),
                identity.toString());
        try (LoraAdapter before = LoraAdapter.load(adapter, torch.ScalarType.Float);
                LoraAdapter after = LoraAdapter.load(second.resolve("adapter"), torch.ScalarType.Float);
                Parameters base = WeightFiles.load(taught.resolve("model"), torch.ScalarType.Float);
                Parameters merged = WeightFiles.load(second.resolve("model"), torch.ScalarType.Float);
                PointerScope scope = new PointerScope()) {
            assertEquals(before.config(), after.config());
            assertEquals(before.factors().keySet(), after.factors().keySet());
            assertTrue(before.factors().keySet().stream().noneMatch(name -> torch.equal(before.factors().get(name),
                    after.factors().get(name))), "every factor is trained further");
            after.merge(base);
            merged.all().forEach((name, tensor) -> assertTrue(torch.equal(tensor, base.all().get(name)), name));
        }
        String both = assertThrows(InputException.class, () -> recipe("adapter=" + adapter, "lora={rank: 2}")).getMessage();
        assertTrue(both.contains("give one of them"), both);
        String none = assertThrows(InputException.class, () -> new TrainingRun(recipe("adapter=" + folder.resolve("nowhere")),
                folder.resolve("third"), () -> false).run(false, List.of())).getMessage();
        assertTrue(none.contains("adapter_config.json"), none);
        assertFalse(Files.exists(folder.resolve("third").resolve(RunManifest.FILE)));
    }

    @Test
    void otherSettingsCannotBeResumedAndAnotherRunIsNotOverwritten() {
        Path run = folder.resolve("changed");
        assertFalse(new TrainingRun(recipe(), run, () -> true).run(false, List.of()));
        String overwrite = assertThrows(InputException.class,
                () -> new TrainingRun(recipe(), run, () -> true).run(false, List.of())).getMessage();
        assertTrue(overwrite.contains("--resume"), overwrite);
        String changed = assertThrows(InputException.class,
                () -> new TrainingRun(recipe("seed=9"), run, () -> true).run(true, List.of())).getMessage();
        assertTrue(changed.contains("the recipe changed"), changed);
        Path sft = world.recipe("sft-again", "method: sft", "steps: 60", "batch: 6",
                "optimizer: {learningRate: 0.01, schedule: constant}", "compute: {workers: 2}");
        assertTrue(new TrainingRun(RecipeFile.read(sft, List.of()), taught, () -> false).run(true, List.of()), "it is done");
        String longer = assertThrows(InputException.class, () ->
                new TrainingRun(RecipeFile.read(sft, List.of("steps=90")), taught, () -> false).run(true,
                        List.of())).getMessage();
        assertTrue(longer.contains("the recipe changed"), longer);
    }

    @Test
    void aCurriculumWithoutHardSamplesIsSaid() {
        Path data = world.data.resolveSibling("plain.jsonl");
        Samples.write(data, Samples.read(world.data).stream().map(sample -> Sample.vtg(sample.id(), sample.video(),
                sample.duration(), sample.query(), sample.intervals())).toList());
        assertTrue(said(recipe("steps=1", "batch=1", "data=" + data), "plain").contains("the curriculum masks nothing"));
        assertFalse(said(recipe("steps=1", "batch=1"), "graded").contains("the curriculum masks nothing"));
    }

    private static String said(Recipe recipe, String run) {
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true));
        try {
            assertTrue(new TrainingRun(recipe, folder.resolve(run), () -> false).run(false, List.of()));
        } finally {
            System.setErr(err);
        }
        return said.toString();
    }

    /** Not when its step comes. */
    @Test
    void aSampleThatCannotTeachIsSaidBeforeTraining() {
        List<Sample> samples = new ArrayList<>(Samples.read(world.data));
        Sample last = samples.remove(samples.size() - 1);
        samples.add(new Sample("unanswered", last.video(), last.duration(), "how is it?", last.intervals(), Task.GQA,
                List.of("bright", "dark"), null, last.extra()));
        Path data = world.data.resolveSibling("unanswered.jsonl");
        Samples.write(data, samples);
        Path run = folder.resolve("unanswered");
        String message = assertThrows(InputException.class, () -> new TrainingRun(recipe("method=sft", "batch=1", "data=" + data),
                run, () -> false).run(false, List.of())).getMessage();
        assertTrue(message.contains("\"unanswered\"") && message.contains("\"answer\""), message);
        assertFalse(new RunFolder(run).begun());
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunAndKeepsTheCheckpoint() {
        Path run = folder.resolve("diverged");
        AtomicInteger steps = new AtomicInteger();
        Recipe wild = recipe("method=sft", "optimizer={learningRate: 1.0e+30, clip: 0, schedule: constant}", "checkpointEvery=1");
        String message = assertThrows(InputException.class, () -> new TrainingRun(wild, run, () -> {
            steps.incrementAndGet();
            return false;
        }).run(false, List.of())).getMessage();
        assertTrue(message.contains("the loss is") && message.contains("learningRate"), message);
        assertEquals(steps.get(), Checkpoints.state(new RunFolder(run).checkpoints().latest()
                .orElseThrow()).steps());
    }

    @Test
    void everyLossTrainsWithAReferenceAndATrainedTower() {
        for (String loss : List.of("grpo", "dr_grpo")) {
            Path run = folder.resolve("beta-" + loss);
            Recipe penalised = recipe("steps=2", "grpo.loss={name: " + loss + ", beta: 0.1}", "compute={trainVision: true}");
            assertTrue(new TrainingRun(penalised, run, () -> false).run(false, List.of()));
            List<JsonNode> rows = metrics(run);
            assertEquals(0, rows.get(0).path("kl").doubleValue(), 1e-9);
            assertTrue(rows.get(1).path("kl").doubleValue() > 0);
        }
    }

    @Test
    void advantagesLeftUnscaledGiveAnotherGradient() {
        List<Double> norms = new ArrayList<>();
        for (String scaled : List.of("true", "false")) {
            Path run = folder.resolve("scaled-" + scaled);
            assertTrue(new TrainingRun(recipe("steps=1", "grpo.scaleRewards=" + scaled), run, () -> false).run(false, List.of()));
            norms.add(metrics(run).get(0).path("gradNorm").doubleValue());
        }
        assertTrue(norms.get(1) > 0 && norms.get(1) < norms.get(0), norms.toString());
    }

    @Test
    void crashesKillsAndStopsDoNotChangeTheFinalWeights() throws Exception {
        List<String> overrides = List.of("model=" + taught.resolve("model"), "steps=24", "checkpointEvery=3",
                "compute.workers=2");
        Path whole = folder.resolve("undisturbed");
        assertTrue(new TrainingRun(RecipeFile.read(grpo(), overrides), whole, () -> false).run(false, List.of()));

        Path disturbed = folder.resolve("disturbed");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Supervisor supervisor = new Supervisor(grpo(), overrides, disturbed, new PrintStream(said, true));
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> supervisor.run(false));
        signalAfter("SEGV", 4, disturbed, code);
        signalAfter("KILL", 9, disturbed, code);
        signalAfter("TERM", 15, disturbed, code);
        assertEquals(TrainMain.STOPPED, code.get(60, TimeUnit.SECONDS), said.toString());
        List<String> events = said.toString().lines().filter(line -> line.startsWith("training was killed")).toList();
        assertEquals(2, events.size(), said.toString());
        assertTrue(events.get(0).contains("signal 6") && events.get(1).contains("signal 9"), events.toString());
        try (var files = Files.list(disturbed)) {
            assertTrue(files.anyMatch(file -> file.getFileName().toString().startsWith("hs_err_")));
        }
        long stoppedAfter = metrics(disturbed).size();
        assertTrue(stoppedAfter < 24);
        assertEquals(stoppedAfter, Checkpoints.state(new RunFolder(disturbed).checkpoints().latest().orElseThrow()).steps());

        assertEquals(0, supervisor.run(true));
        assertArrayEquals(Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(disturbed.resolve("model/model.safetensors")));
        assertEquals(figures(whole), figures(disturbed));
    }

    /** Everything in the metrics that is not time. */
    private static List<JsonNode> figures(Path run) {
        return metrics(run).stream().map(row -> (JsonNode) ((ObjectNode) row.deepCopy())
                .without(List.of("seconds", "cpuSeconds", "tokensPerSecond"))).toList();
    }

    /** Sends a signal to the training process as soon as it has written a number of steps. */
    private static void signalAfter(String signal, int steps, Path run, CompletableFuture<Integer> code) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(run.resolve("metrics.jsonl")) || Files.readAllLines(run.resolve("metrics.jsonl")).size() < steps) {
            assertFalse(code.isDone(), () -> "the run ended early with " + code.join());
            assertTrue(System.nanoTime() < deadline, "no step " + steps);
            Thread.sleep(5);
        }
        ProcessHandle child = ProcessHandle.current().children()
                .filter(process -> process.info().commandLine().orElse("").contains(TrainMain.class.getName()))
                .findFirst().orElseThrow();
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, String.valueOf(child.pid())).start().waitFor());
        child.onExit().get(30, TimeUnit.SECONDS);
    }

    @Test
    void badInputEndsTheRunWithoutAnotherTry() {
        Path run = folder.resolve("hopeless");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Supervisor supervisor =
                new Supervisor(grpo(), List.of("model=" + folder.resolve("nowhere")), run, new PrintStream(said, true));
        assertEquals(1, supervisor.run(false));
        assertEquals(1, said.toString().lines().count(), said.toString());
        assertTrue(said.toString().startsWith("error: " + folder.resolve("nowhere")), said.toString());
    }

    @Test
    void stepsLeakNoNativeMemory() {
        AtomicInteger step = new AtomicInteger();
        List<Long> resident = new ArrayList<>();
        List<Long> pointers = new ArrayList<>();
        assertTrue(new TrainingRun(recipe("steps=200", "batch=1", "checkpointEvery=1000", "optimizer.learningRate=0.0001"),
                folder.resolve("long"), () -> {
                    if (step.incrementAndGet() % 50 == 0) {
                        System.gc();
                        resident.add(residentKilobytes());
                        pointers.add(Pointer.totalCount());
                    }
                    return false;
                }).run(false, List.of()));
        assertEquals(pointers.get(0), pointers.get(3), "native objects alive after 50 and after 200 steps");
        long growth = resident.get(3) - resident.get(0);
        assertTrue(growth < 64 * 1024, "resident memory grew by " + growth + " kB in 150 steps");
    }

    private static long residentKilobytes() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
