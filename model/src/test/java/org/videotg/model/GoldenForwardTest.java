package org.videotg.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Decoding;
import org.videotg.model.generate.Generator;
import org.videotg.model.generate.Rollout;
import org.videotg.model.safetensors.SafetensorsFile;
import org.videotg.model.sequence.PackedRow;
import org.videotg.model.sequence.Prefix;
import org.videotg.model.tensor.Tensors;
import org.videotg.model.text.PackedAttention;
import org.videotg.model.text.Rope;
import org.videotg.model.vision.VideoFeatures;

/** Every stage of the forward pass against the reference; tolerance 1e-4 for values of order 1 (float32). */
class GoldenForwardTest {
    private static final double TOLERANCE = 1e-4;

    private static VisualTokens visual(Golden golden, String checkpoint, String test) {
        JsonNode description = Json.read(Golden.ROOT.resolve(checkpoint + "/cases.json"));
        List<VideoFeatures> videos = new ArrayList<>();
        for (JsonNode video : description.path("cases").path(test).path("videos")) {
            JsonNode thw = description.path("videos").path(video.asText());
            videos.add(golden.see(video.asText(), thw.get(0).asInt(), thw.get(1).asInt(), thw.get(2).asInt()));
        }
        return videos.isEmpty() ? null : VisualTokens.of(videos.toArray(VideoFeatures[]::new));
    }

    private static Prefix prefix(Golden golden, String test) {
        int[] ids = golden.ids(test + ".input_ids");
        long[][] positions = golden.positions(test);
        long next = Math.max(Math.max(positions[0][ids.length - 1], positions[1][ids.length - 1]), positions[2][ids.length - 1]) + 1;
        return new Prefix(ids, positions, golden.visualSlots(ids), next);
    }

    @ParameterizedTest
    @CsvSource({"a,case1", "a,case2", "a,case3", "a,case4", "b,case1", "b,case2", "b,case3", "b,case4"})
    void everyStageAgreesWithTheReference(String checkpoint, String test) {
        try (Golden golden = new Golden(checkpoint); PointerScope scope = new PointerScope(); NoGradGuard noGrad = new NoGradGuard()) {
            Prefix prefix = prefix(golden, test);
            VisualTokens visual = visual(golden, checkpoint, test);
            if (visual != null) {
                golden.assertClose(test + ".vision.features", visual.merged(), TOLERANCE);
                for (int i = 0; i < visual.deepstack().size(); i++) {
                    golden.assertClose(test + ".vision.deepstack." + i, visual.deepstack().get(i), TOLERANCE);
                }
            }
            Rope rope = Rope.of(golden.config.text(), prefix.positions(), torch.ScalarType.Float);
            golden.assertClose(test + ".text.rope.cos", rope.cos(), 1e-5);
            golden.assertClose(test + ".text.rope.sin", rope.sin(), 1e-5);
            Tensor hidden = golden.model.hidden(prefix.ids(), prefix.positions(), prefix.visualSlots(), visual,
                    new PackedAttention(prefix.length(), new int[0]),
                    (layer, state) -> golden.assertClose(test + ".text.hidden." + layer, state, TOLERANCE));
            golden.assertClose(test + ".text.final", hidden, TOLERANCE);
            Tensor logits = golden.model.logits(hidden);
            Tensor expected = golden.cases.tensor(test + ".logits");
            long rows = expected.size(0);
            golden.assertClose(test + ".logits", logits.narrow(0, logits.size(0) - rows, rows), TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"a,case1", "a,case4", "b,case1", "b,case4"})
    void greedyGenerationGivesTheSameTokens(String checkpoint, String test) {
        try (Golden golden = new Golden(checkpoint); PointerScope scope = new PointerScope(); NoGradGuard noGrad = new NoGradGuard()) {
            int[] expected = golden.ids(test + ".greedy.ids");
            Generator generator = new Generator(golden.model, Set.of(-1));
            Rollout rollout = generator.generate(prefix(golden, test), visual(golden, checkpoint, test),
                    Decoding.greedy(expected.length), 0).rollouts().get(0);
            assertArrayEquals(expected, rollout.ids());
            assertTrue(rollout.truncated());
            assertArrayEquals(Tensors.toFloats(golden.cases.tensor(test + ".greedy.log_probs")), rollout.logProbs(), 1e-4f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a"})
    void gradientsOfTheSftLossAgree(String checkpoint) {
        try (Golden golden = new Golden(checkpoint); PointerScope scope = new PointerScope();
                SafetensorsFile gradients = SafetensorsFile.open(Golden.ROOT.resolve(checkpoint + "/gradients.safetensors"))) {
            golden.model.parameters().all().values().forEach(p -> p.set_requires_grad(true));
            Prefix prefix = prefix(golden, "case4");
            Tensor hidden = golden.model.hidden(new PackedRow(prefix, List.of()), visual(golden, checkpoint, "case4"));
            int trained = 10;
            int from = prefix.length() - trained;
            int[] labels = java.util.Arrays.copyOfRange(prefix.ids(), from, prefix.length());
            Tensor logProbs = golden.model.logits(hidden.narrow(0, from - 1, trained)).log_softmax(1);
            Tensor loss = logProbs.gather(1, Tensors.ids(labels).unsqueeze(1)).mean().neg();
            assertEquals(gradients.tensor("loss").item_double(), loss.item_double(), 1e-4);
            loss.backward();
            int checked = 0;
            for (Map.Entry<String, Tensor> parameter : golden.model.parameters().all().entrySet()) {
                Tensor expected = gradients.tensor(parameter.getKey());
                Tensor actual = parameter.getValue().grad();
                double error = actual.sub(expected).norm().item_double() / Math.max(1e-6, expected.norm().item_double());
                assertTrue(error <= 1e-3, parameter.getKey() + ": gradient off by " + error);
                checked++;
            }
            assertEquals(gradients.names().size() - 1, checked);
        }
    }
}
