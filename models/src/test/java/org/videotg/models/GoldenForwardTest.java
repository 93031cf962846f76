package org.videotg.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.core.mllm.Decoding;
import org.videotg.models.generate.Generator;
import org.videotg.models.generate.Generator.SampledReply;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.Rope;
import org.videotg.models.nn.TextModel;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Tensors;

/** Every stage of the forward pass against the reference; tolerance 1e-4 for values of order 1 (float32). */
class GoldenForwardTest {
    private static final double TOLERANCE = 1e-4;
    /** Of a cosine: a step or two in float32. */
    private static final double ROPE = 2e-7;

    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#allCases")
    void everyStageAgreesWithTheReference(Golden.Case test) {
        try (Golden golden = new Golden(test.checkpoint());
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            String name = test.name();
            Prefix prefix = golden.prefix(name);
            VisualEmbeddings visual = golden.visual(name);
            if (visual != null) {
                golden.assertClose(name + ".vision.features", visual.merged(), TOLERANCE);
                for (int i = 0; i < visual.deepstack().size(); i++) {
                    golden.assertClose(
                            name + ".vision.deepstack." + i, visual.deepstack().get(i), TOLERANCE);
                }
            }
            Rope rope = Rope.of(golden.config.text(), prefix.positions(), torch.ScalarType.Float);
            golden.assertClose(name + ".text.rope.cos", rope.cos(), ROPE);
            golden.assertClose(name + ".text.rope.sin", rope.sin(), ROPE);
            int[] layers = {0};
            Tensor hidden = forward(golden, prefix, prefix.positions(), visual, (layer, state) -> {
                String stage = name + ".text.hidden." + layer;
                if (golden.cases.names().contains(stage)) {
                    golden.assertClose(stage, state, TOLERANCE);
                    layers[0]++;
                }
            });
            assertTrue(layers[0] >= 2, "the first, the middle and the last layer are compared");
            golden.assertClose(name + ".text.final", hidden, TOLERANCE);
            golden.assertLastRowsClose(name + ".logits", golden.model.logits(hidden), TOLERANCE);
        }
    }

    /**
     * Where transformers places text after a video differently from Qwen's own code (trap 1), its own forward gives our
     * logits at its positions; where it doesn't, it gives them without being told any.
     */
    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#allCases")
    void positionsOfTransformersGiveItsOwnLogits(Golden.Case test) {
        try (Golden golden = new Golden(test.checkpoint());
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            String own = test.name() + ".transformers.position_ids";
            boolean agree = golden.description
                    .path("cases")
                    .path(test.name())
                    .path("transformersPositionsAgree")
                    .booleanValue();
            assertEquals(agree, !golden.cases.names().contains(own));
            Assumptions.assumeFalse(agree, "transformers uses Qwen's positions here");
            Tensor hidden = forward(
                    golden,
                    golden.prefix(test.name()),
                    golden.positions(own),
                    golden.visual(test.name()),
                    TextModel.Probe.NONE);
            golden.assertLastRowsClose(test.name() + ".transformers.logits", golden.model.logits(hidden), TOLERANCE);
        }
    }

    private static Tensor forward(
            Golden golden, Prefix prefix, long[][] positions, VisualEmbeddings visual, TextModel.Probe probe) {
        Prefix tokens = new Prefix(prefix.ids(), positions, prefix.visualSlots(), 0);
        return golden.model.hidden(new PackedRow(tokens, List.of()), visual, probe);
    }

    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#checkpoints")
    void greedyGenerationGivesTheSameTokens(String checkpoint) {
        try (Golden golden = new Golden(checkpoint);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (String test : List.of("case1", "case4")) {
                int[] expected = golden.ids(test + ".greedy.ids");
                assertEquals(64, expected.length);
                SampledReply rollout = new Generator(golden.model, Set.of(-1))
                        .generate(
                                new Generator.Prompt(golden.prefix(test), golden.visual(test)),
                                Decoding.greedy(expected.length),
                                0)
                        .rollouts()
                        .get(0);
                assertArrayEquals(expected, rollout.ids());
                assertTrue(rollout.truncated());
                assertArrayEquals(
                        Tensors.toFloats(golden.cases.tensor(test + ".greedy.log_probs")), rollout.logProbs(), 1e-4f);
            }
        }
    }

    /** At positions that only long videos have, the last bit of a frequency decides. */
    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#checkpoints")
    void ropeAgreesFarOut(String checkpoint) {
        try (Golden golden = new Golden(checkpoint);
                PointerScope scope = new PointerScope()) {
            Rope rope =
                    Rope.of(golden.config.text(), golden.positions("case3.far.position_ids"), torch.ScalarType.Float);
            golden.assertClose("case3.far.rope.cos", rope.cos(), ROPE);
            golden.assertClose("case3.far.rope.sin", rope.sin(), ROPE);
        }
    }

    /** bfloat16 is as near to one of the reference's attentions as the farthest two of these are to each other. */
    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#checkpoints")
    void bfloat16StaysWithinTheReferencesOwnSpread(String checkpoint) {
        try (Golden golden = new Golden(checkpoint, torch.ScalarType.BFloat16);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Assumptions.assumeTrue(golden.has("bfloat16"), "no values in bfloat16 for " + checkpoint);
            try (SafetensorsFile narrow = golden.open("bfloat16")) {
                for (String test : List.of("case1", "case2", "case3", "case4")) {
                    VisualEmbeddings visual = golden.visual(test);
                    if (visual != null) {
                        assertWithinSpread(golden, narrow, test, "vision.features", visual.merged());
                    }
                    Prefix prefix = golden.prefix(test);
                    Tensor hidden = forward(golden, prefix, prefix.positions(), visual, TextModel.Probe.NONE);
                    assertWithinSpread(golden, narrow, test, "text.final", hidden);
                    assertWithinSpread(golden, narrow, test, "logits", golden.model.logits(hidden));
                }
            }
        }
    }

    private static void assertWithinSpread(
            Golden golden, SafetensorsFile narrow, String test, String stage, Tensor actual) {
        JsonNode spread = golden.description.path("bfloat16Spread").path(test + "." + stage);
        double max = spread.path("max").asDouble();
        double mean = spread.path("mean").asDouble();
        double off = Double.MAX_VALUE;
        double offMean = Double.MAX_VALUE;
        for (String attention : List.of("eager", "sdpa", "math")) {
            Tensor theirs = narrow.tensor(test + "." + attention + "." + stage, torch.ScalarType.Float);
            Tensor ours = actual.to(torch.ScalarType.Float).narrow(0, actual.size(0) - theirs.size(0), theirs.size(0));
            Tensor apart = ours.sub(theirs).abs();
            off = Math.min(off, apart.max().item_double());
            offMean = Math.min(offMean, apart.mean().item_double());
        }
        assertTrue(
                off <= max && offMean <= mean,
                test + "." + stage + ": off by " + off + " (mean " + offMean
                        + ") where the reference's attentions differ by " + max + " (mean " + mean + ")");
    }

    /** Attention stays inside a grid in both families, so features can be cached grid by grid. */
    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#checkpoints")
    void featuresOfAGridDependOnNoOther(String checkpoint) {
        try (Golden golden = new Golden(checkpoint);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            int[] thw = golden.thw("v0");
            GridFeatures all = golden.see("v0");
            int last = thw[0] - 1;
            long patches = (long) thw[1] * thw[2];
            Tensor alone = golden.pixels("v0").narrow(0, last * patches, patches);
            GridFeatures one = golden.model.vision().forward(alone, 1, thw[1], thw[2]);
            Golden.assertClose("merged", all.merged().narrow(0, last, 1), one.merged(), 1e-5);
            for (int i = 0; i < one.deepstack().size(); i++) {
                Golden.assertClose(
                        "deepstack",
                        all.deepstack().get(i).narrow(0, last, 1),
                        one.deepstack().get(i),
                        1e-5);
            }
        }
    }
}
