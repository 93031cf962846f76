package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.run.RunManifest;
import org.videotg.training.TinyTrainingSetup;
import org.videotg.training.distributed.RankGroup;
import org.videotg.training.recipe.Recipe;

/** Several ranks train as one process with as many workers does; most are threads of this process here. */
class RanksTest {
    @TempDir
    static Path folder;

    private static final String SHARDED = "compute.shard=optimizer";
    private static final String WORKERS = "compute.workers=2";
    private static final String LORA = "lora={rank: 2, alpha: 4}";

    private static TinyTrainingSetup world;

    @BeforeAll
    static void make() {
        world = new TinyTrainingSetup(folder, "qwen3vl", 6);
    }

    private static TrainingPlan plan(String name, String method, Path model, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "method=" + method,
                "model=" + model,
                "steps=3",
                "batch=5",
                "checkpointEvery=2",
                "optimizer={learningRate: 0.01, schedule: constant}"));
        all.addAll(List.of(settings));
        return new TrainingPlan(Recipe.read(world.recipe(name, "method: sft"), all), folder.resolve(name), List.of());
    }

    private static TrainingPlan sft(String name, String... settings) {
        return plan(name, "sft", world.model, settings);
    }

    private static TrainingPlan grpo(String name, Path model, String... settings) {
        List<String> all =
                new ArrayList<>(List.of("grpo={group: 6, maxTokens: 14, resample: 1, loss: {name: grpo, beta: 0.05}}"));
        all.addAll(List.of(settings));
        return plan(name, "grpo", model, all.toArray(String[]::new));
    }

    /** Trains in so many ranks, and returns what each returned. */
    private static List<Boolean> train(
            int ranks, IntFunction<TrainingPlan> plans, Supplier<BooleanSupplier> stop, boolean resume)
            throws Exception {
        List<FutureTask<Boolean>> running = new ArrayList<>();
        for (RankGroup.Local rank : RankGroup.local(ranks)) {
            TrainingPlan plan = plans.apply(rank.number()).check(resume, note -> {});
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                try (RankGroup group = rank.join(lost -> {})) {
                    return new TrainingRun(plan, stop.get(), group).run(resume);
                }
            });
            new Thread(task, "rank-" + rank.number()).start();
            running.add(task);
        }
        List<Boolean> results = new ArrayList<>();
        for (FutureTask<Boolean> each : running) {
            results.add(each.get(120, TimeUnit.SECONDS));
        }
        return results;
    }

    private static Path train(TrainingPlan plan) throws Exception {
        assertEquals(List.of(true, true), train(2, rank -> plan, () -> () -> false, false));
        return plan.folder();
    }

    private static boolean alone(TrainingPlan plan, boolean resume) {
        return new TrainingRun(plan.check(resume, note -> {}), () -> false).run(resume);
    }

    private static List<JsonNode> metrics(Path run) {
        return Jsonl.read(run.resolve("metrics.jsonl")).stream()
                .map(Jsonl.Row::node)
                .toList();
    }

    private static byte[] weights(Path run) throws IOException {
        return Files.readAllBytes(run.resolve("model/model.safetensors"));
    }

    private static List<JsonNode> figures(Path run) {
        return metrics(run).stream()
                .map(row -> (JsonNode) ((ObjectNode) row.deepCopy())
                        .remove(List.of("seconds", "cpuSeconds", "tokensPerSecond", "memoryBytes")))
                .toList();
    }

    @Test
    void ranksTrainAsWorkersOfOneProcess() throws Exception {
        Path one = compared(3, sft("sft-one", "steps=30", "compute.workers=3"), sft("sft-two", "steps=30", SHARDED));
        Path model = one.resolve("model");
        String validation = "validation={every: 2, maxTokens: 14, data: " + world.data + "}";
        compared(2, grpo("grpo-one", model, validation, WORKERS), grpo("grpo-two", model, validation));
        assertEquals(scores("grpo-one"), scores("grpo-two"));
        String rounded = "compute.dtype=bfloat16";
        compared(
                2,
                sft("rounded-one", rounded, "snapshots=1", WORKERS),
                sft("rounded-two", rounded, "snapshots=1", SHARDED));
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("rounded-one/snapshots/step-00000001/model.safetensors")),
                Files.readAllBytes(folder.resolve("rounded-two/snapshots/step-00000001/model.safetensors")));
        compared(2, grpo("lora-one", model, LORA, WORKERS), grpo("lora-two", model, LORA, SHARDED));
        String ranks = RunManifest.read(folder.resolve("grpo-two")).notes().get("ranks");
        assertTrue(ranks.matches("rank 0 \\(host .*, process \\d+\\), rank 1 \\(.*\\)"), ranks);
    }

    private static List<String> scores(String name) {
        List<String> scores = Jsonl.read(new RunFolder(folder.resolve(name)).validation()).stream()
                .map(row -> row.node().path("step") + ": " + row.node().path("mIoU") + ", "
                        + row.node().path("tokenForwards"))
                .toList();
        assertEquals(3, scores.size(), scores.toString());
        return scores;
    }

    private static Path compared(int ranks, TrainingPlan one, TrainingPlan two) throws Exception {
        String name = two.folder().toString();
        assertTrue(alone(one, false));
        assertEquals(Collections.nCopies(ranks, true), train(ranks, rank -> two, () -> () -> false, false));
        assertArrayEquals(weights(one.folder()), weights(two.folder()), name);
        assertEquals(figures(one.folder()), figures(two.folder()));
        Path replies = new RunFolder(one.folder()).rollouts();
        if (Files.exists(replies)) {
            assertEquals(Files.readString(replies), Files.readString(new RunFolder(two.folder()).rollouts()));
        }
        assertTrue(
                metrics(one.folder()).stream()
                        .anyMatch(row -> row.path("gradNorm").doubleValue() > 0),
                name);
        return one.folder();
    }

    @Test
    void aStoppedRunGoesOnInRanksThatShardOtherwiseOrInOneProcess() throws Exception {
        Path whole = train(sft("whole"));
        for (String name : List.of("parted", "single")) {
            TrainingPlan sharded = sft(name, SHARDED);
            Supplier<BooleanSupplier> afterTwo = () -> {
                AtomicInteger steps = new AtomicInteger();
                return () -> steps.incrementAndGet() == 2;
            };
            assertEquals(List.of(false, false), train(2, rank -> sharded, afterTwo, false));
            Path checkpoint =
                    new RunFolder(sharded.folder()).checkpoints().latest().orElseThrow();
            assertTrue(Files.exists(checkpoint.resolve("optimizer-00002-of-00002.safetensors")));
        }
        TrainingPlan parted = sft("parted");
        assertEquals(List.of(true, true), train(2, rank -> parted, () -> () -> false, true));
        assertArrayEquals(weights(whole), weights(parted.folder()));
        assertTrue(alone(sft("single"), true));
        assertEquals(
                metrics(whole).get(2).path("loss").doubleValue(),
                metrics(folder.resolve("single")).get(2).path("loss").doubleValue(),
                1e-5,
                "the sums differ in their last digits");
    }

    @Test
    void aRankWithAnotherRecipeIsRefusedByName() {
        ExecutionException refused = assertThrows(
                ExecutionException.class,
                () -> train(2, rank -> sft("refused", "seed=" + rank), () -> () -> false, false));
        String message = refused.getCause().getMessage();
        assertTrue(
                message.matches("rank 1 \\(host .*, process .*\\) has another recipe than rank 0 \\(.*; give all .*"),
                message);
        assertTrue(refused.getCause() instanceof InputException);
        assertFalse(Files.exists(folder.resolve("refused/metrics.jsonl")));
    }

    @Test
    void aKilledRankIsNamedAndTheRunGoesOn() throws Exception {
        String[] settings = {"steps=6", SHARDED};
        Path whole = train(sft("undisturbed", settings));
        TrainingPlan plan = sft("disturbed", settings);
        List<String> output = new CopyOnWriteArrayList<>();
        Supervisor supervisor = new Supervisor(plan, new Launch(2, Optional.empty(), OptionalInt.of(1)), output::add);
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> supervisor.run(false));
        while (!Files.exists(plan.folder().resolve("metrics.jsonl"))
                || metrics(plan.folder()).size() < 2) {
            assertFalse(code.isDone(), output.toString());
            Thread.sleep(20);
        }
        Matcher second = Pattern.compile("rank 1 \\(host [^,]*, process (\\d+)")
                .matcher(RunManifest.read(plan.folder()).notes().get("ranks"));
        assertTrue(second.find());
        ProcessHandle.of(Long.parseLong(second.group(1))).orElseThrow().destroyForcibly();
        assertEquals(0, code.get(120, TimeUnit.SECONDS), output.toString());
        assertTrue(
                output.stream().anyMatch(line -> line.matches("rank 1 \\(process \\d+\\) was killed by signal 9")),
                output.toString());
        assertArrayEquals(weights(whole), weights(plan.folder()));
    }
}
