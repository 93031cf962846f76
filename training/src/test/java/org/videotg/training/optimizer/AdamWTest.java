package org.videotg.training.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/** Golden values: {@code bench/reference/golden_adamw.py} (torch 2.10.0). */
class AdamWTest {
    private static final JsonNode GOLDEN = Json.read(Path.of("src/test/resources/golden/adamw.json"));
    private static final AdamWSettings SETTINGS = new AdamWSettings(0.9, 0.95, 1e-8, 0.1);

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    private static float[] floats(JsonNode node) {
        float[] values = new float[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.get(i).floatValue();
        }
        return values;
    }

    private static Map<String, Tensor> tensors(JsonNode node) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weight", Tensors.floats(floats(node.path("weight")), 2, 3));
        tensors.put("bias", Tensors.floats(floats(node.path("bias")), 3));
        return tensors;
    }

    private static void step(AdamW optimizer, JsonNode step) {
        Map<String, Tensor> gradients = tensors(step.path("gradients"));
        double norm = GradientClip.clip(gradients, GOLDEN.path("clip").doubleValue());
        assertEquals(step.path("norm").doubleValue(), norm, 1e-5);
        optimizer.step(gradients, step.path("rate").doubleValue());
    }

    @Test
    void stepsAgreeWithTorch() {
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> parameters = tensors(GOLDEN.path("start"));
            try (AdamW optimizer = new AdamW(parameters, SETTINGS)) {
                for (JsonNode step : GOLDEN.path("steps")) {
                    step(optimizer, step);
                    assertArrayEquals(floats(step.path("weight")), Tensors.toFloats(parameters.get("weight")), 2e-7f);
                    assertArrayEquals(floats(step.path("bias")), Tensors.toFloats(parameters.get("bias")), 2e-7f);
                }
            }
        }
    }

    @Test
    void aRestoredOptimizerGoesOnToTheBit() {
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> whole = tensors(GOLDEN.path("start"));
            Map<String, Tensor> parted = tensors(GOLDEN.path("start"));
            try (AdamW first = new AdamW(whole, SETTINGS);
                    AdamW before = new AdamW(parted, SETTINGS);
                    AdamW after = new AdamW(parted, SETTINGS)) {
                for (int i = 0; i < 4; i++) {
                    step(first, GOLDEN.path("steps").get(i));
                    if (i == 2) {
                        Map<String, Tensor> saved = new LinkedHashMap<>();
                        before.state().forEach((name, tensor) -> saved.put(name, tensor.clone()));
                        try (ModelParameters state = new ModelParameters("saved", saved)) {
                            after.restore(state, before.steps());
                        }
                    }
                    step(i < 2 ? before : after, GOLDEN.path("steps").get(i));
                }
                assertArrayEquals(Tensors.toFloats(whole.get("weight")), Tensors.toFloats(parted.get("weight")));
                assertEquals(4, after.steps());
            }
        }
    }

    @Test
    void schedulesByHand() {
        LearningRate linear = new LearningRate(1, 0.2, 0, LearningRate.Decay.LINEAR);
        assertEquals(0.5, linear.at(0, 10), 1e-12);
        assertEquals(1, linear.at(1, 10), 1e-12);
        assertEquals(1, linear.at(2, 10), 1e-12);
        assertEquals(0.125, linear.at(9, 10), 1e-12);
        LearningRate cosine = new LearningRate(2, 0, 0.5, LearningRate.Decay.COSINE);
        assertEquals(2, cosine.at(5, 10), 1e-12);
        assertEquals(1 + Math.cos(Math.PI * 0.8), cosine.at(9, 10), 1e-12);
        LearningRate constant = new LearningRate(3, 0, 0, LearningRate.Decay.CONSTANT);
        assertEquals(3, constant.at(0, 1), 1e-12);
        assertEquals(1, new LearningRate(1, 0.5, 0, LearningRate.Decay.COSINE).at(0, 1), 1e-12);
    }

    @Test
    void impossibleSettingsAreNamed() {
        assertTrue(assertThrows(InputException.class, () -> new LearningRate(0, 0, 0, LearningRate.Decay.LINEAR))
                .getMessage()
                .contains("\"learningRate\""));
        assertTrue(assertThrows(InputException.class, () -> new AdamWSettings(1, 0.9, 1e-8, 0))
                .getMessage()
                .contains("\"beta1\""));
    }
}
