package org.videotg.app.dryrun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.AtomicFiles;
import org.videotg.models.Model;
import org.videotg.models.ModelConfig;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.tensor.ComputeDtype;
import org.videotg.training.recipe.Recipe;

class EstimateTest {
    private static final Path GOLDEN = Path.of("../models/src/test/resources/golden");
    private static final StepShape SHAPE = new StepShape(4, 100, 60, 8, 20, 240);

    @TempDir
    static Path folder;

    private static Path file;

    @BeforeAll
    static void write() {
        file = folder.resolve("grpo.yaml");
        AtomicFiles.writeString(file, "method: grpo\nmodel: m\ndata: d.jsonl\nsteps: 5\n");
    }

    private static Recipe recipe(String... overrides) {
        return Recipe.read(file, List.of(overrides));
    }

    /** What a step of a row of 260 tokens keeps, for every part in turn. */
    private static MemoryNeed need(ModelConfig config, ComputeDtype precision, String... overrides) {
        Recipe recipe = recipe(overrides);
        return MemoryNeed.of(config, recipe, ParameterCount.of(config, recipe), SHAPE, precision);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3vl/a", "qwen3vl/b", "qwen25vl/a", "qwen25vl/b"})
    void parametersAreThoseOfTheWeights(String name) {
        Path checkpoint = GOLDEN.resolve(name).resolve("checkpoint");
        ModelConfig config = ModelConfig.read(checkpoint.resolve("config.json"));
        Model model = new Model(config, WeightsReader.load(checkpoint, torch.ScalarType.Float));
        try (ModelParameters loaded = model.parameters()) {
            ParameterCount count = ParameterCount.of(config, recipe());
            assertEquals(sum(loaded, model, false), count.text());
            assertEquals(sum(loaded, model, true), count.vision());
            assertEquals(count.text(), count.trained(), "the tower is frozen by default");
            assertEquals(
                    count.all(),
                    ParameterCount.of(config, recipe("compute.trainVision=true"))
                            .trained());
            Recipe lora = recipe("lora={rank: 3}");
            try (LoraAdapter adapter = LoraAdapter.random(lora.lora().config(""), loaded, 1);
                    ModelParameters adapted = adapter.applyTo(loaded)) {
                long factors = adapted.all().keySet().stream()
                        .filter(key -> !loaded.all().containsKey(key))
                        .mapToLong(key -> adapted.all().get(key).numel())
                        .sum();
                assertEquals(factors, ParameterCount.of(config, lora).trained());
            }
        }
    }

    private static long sum(ModelParameters parameters, Model model, boolean vision) {
        return parameters.all().entrySet().stream()
                .filter(entry -> model.names().isVision(entry.getKey()) == vision)
                .mapToLong(entry -> entry.getValue().numel())
                .sum();
    }

    private static ModelConfig tiny() {
        return ModelConfig.read(GOLDEN.resolve("qwen3vl/b/checkpoint/config.json"));
    }

    /** In billions, as the model pages of the hub state them. */
    @ParameterizedTest
    @CsvSource({
        "Qwen/Qwen2.5-VL-3B-Instruct, 3.75",
        "Qwen/Qwen2.5-VL-7B-Instruct, 8.29",
        "Qwen/Qwen2.5-VL-32B-Instruct, 33.45",
        "Qwen/Qwen2.5-VL-72B-Instruct, 73.41",
        "Qwen/Qwen3-VL-2B-Instruct, 2.13",
        "Qwen/Qwen3-VL-4B-Thinking, 4.44",
        "Qwen/Qwen3-VL-8B-Instruct@main, 8.77",
        "Qwen/Qwen3-VL-32B-Instruct, 33.36"
    })
    void publishedSizesHaveThePublishedNumberOfParameters(String name, double billions) {
        ModelConfig config = PublishedSizes.of(name).orElseThrow();
        assertEquals(billions, ParameterCount.of(config, recipe()).all() / 1e9, 0.006);
    }

    @Test
    void memoryIsThatOfTheTrainersParts() {
        ModelConfig config = tiny();
        long trained = ParameterCount.of(config, recipe()).trained();
        long all = ParameterCount.of(config, recipe()).all();
        MemoryNeed one = need(config, ComputeDtype.FLOAT32);
        assertEquals(4 * all, one.weights());
        assertEquals(4 * trained, one.gradients());
        assertEquals(8 * trained, one.optimizer());
        assertEquals(0, one.reference());
        assertEquals(
                4 * all,
                need(config, ComputeDtype.FLOAT32, "grpo.loss={name: grpo, beta: 0.1}")
                        .reference());
        MemoryNeed two = need(config, ComputeDtype.FLOAT32, "compute.workers=2");
        assertEquals(2 * one.gradients(), two.gradients());
        assertEquals(2 * one.activations(), two.activations());
        assertEquals(one.weights(), two.weights(), "workers share the weights");
        MemoryNeed lora = need(config, ComputeDtype.FLOAT32, "lora={rank: 2}");
        assertTrue(lora.gradients() < one.gradients() / 4 && lora.optimizer() == 2 * lora.gradients());
        assertEquals(
                0,
                need(config, ComputeDtype.FLOAT32, "lora={rank: 2}", "grpo.loss={name: grpo, beta: 0.1}")
                        .reference());
        assertEquals(
                4 * all + 2 * all, need(config, ComputeDtype.BFLOAT16).weights(), "master weights and rounded copies");
        assertTrue(need(config, ComputeDtype.BFLOAT16).activations() < one.activations());
        assertEquals(
                one.logits() / 4,
                need(config, ComputeDtype.FLOAT32, "compute.headChunk=40").logits());
        assertEquals(0, need(config, ComputeDtype.FLOAT32, "method=sft").rollouts());
        long rollouts = need(config, ComputeDtype.FLOAT32).rollouts();
        String validation = "validation.data=held-out.jsonl";
        assertEquals(
                rollouts, need(config, ComputeDtype.FLOAT32, validation).rollouts(), "it takes no more than rollouts");
        assertTrue(need(config, ComputeDtype.FLOAT32, "method=sft", validation).rollouts() > 0);
        assertEquals(
                one.weights()
                        + one.gradients()
                        + one.optimizer()
                        + one.activations()
                        + one.logits()
                        + one.gradientBuffer(),
                one.total());
    }

    @Test
    void ranksExchangeGradientsAndMayShareTheOptimizer() {
        ModelConfig config = tiny();
        MemoryNeed one = need(config, ComputeDtype.FLOAT32);
        assertEquals(one, one.inRanks(1, recipe("compute.shard=optimizer"), ComputeDtype.FLOAT32));
        MemoryNeed whole = one.inRanks(4, recipe(), ComputeDtype.FLOAT32);
        assertEquals(one.optimizer(), whole.optimizer());
        assertEquals(one.gradients(), whole.exchange(), "a small model travels in one bucket");
        assertEquals(one.total(), whole.total(), "it is freed before activations are kept");
        MemoryNeed shared = one.inRanks(4, recipe("compute.shard=optimizer"), ComputeDtype.FLOAT32);
        assertEquals(one.optimizer() / 4, shared.optimizer());
        assertEquals(one.total() - one.optimizer() * 3 / 4, shared.total());
        MemoryNeed rounded = need(config, ComputeDtype.BFLOAT16);
        assertEquals(
                rounded.weights() - rounded.gradients() * 3 / 4,
                rounded.inRanks(4, recipe("compute.shard=optimizer"), ComputeDtype.BFLOAT16)
                        .weights(),
                "three quarters of the masters lie in other ranks");
    }

    @Test
    void aStepReadsAPromptOnceForAllItsReplies() {
        ModelConfig config = tiny();
        Recipe grpo = recipe();
        ParameterCount count = ParameterCount.of(config, grpo);
        ComputeNeed step = ComputeNeed.ofStep(config, grpo, count, SHAPE);
        assertEquals(4 * 4 * (100 + 8 * 20), step.tokenForwards(), "rollouts, forward, and a backward of two");
        assertEquals(
                3 * 4 * (100 + 8 * 20),
                ComputeNeed.ofStep(config, recipe("method=sft"), count, SHAPE).tokenForwards());
        assertTrue(step.operations() > 2.0 * count.multiplied() * step.tokenForwards());
        double longer = Stream.of(200, 400)
                .mapToDouble(prompt -> ComputeNeed.ofStep(config, grpo, count, new StepShape(4, prompt, 60, 8, 20, 240))
                        .operations())
                .reduce((a, b) -> b / a)
                .orElseThrow();
        assertTrue(longer > 1.5 && longer < 4, "between linear in the row and quadratic: " + longer);
    }
}
