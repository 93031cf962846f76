package org.videotg.training.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.core.io.Json;
import org.videotg.models.Model;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.TinyModel;
import org.videotg.training.loss.KlPenalty;
import org.videotg.training.loss.LossInputs;
import org.videotg.training.loss.LossOutputs;
import org.videotg.training.loss.PolicyLoss;
import org.videotg.training.loss.RatioClip;

/**
 * Loss and gradient of every parameter, the vision tower's included, for one step of SFT and one of GRPO, against plain
 * PyTorch over full rows ({@code bench/reference/golden_steps.py}).
 */
class GoldenStepTest {
    private static final Path ROOT = Path.of(System.getProperty("golden.root", TinyModel.GOLDEN.toString()));
    /** Relative error of a gradient, L2 over a tensor. */
    private static final double GRADIENT = 1e-3;

    private static final PolicyLoss.Grpo GRPO =
            new PolicyLoss.Grpo(new RatioClip(0.2, 0.28), new KlPenalty(0.04, KlPenalty.Estimator.K3));

    /** A checkpoint's folder with what a test needs of it. */
    private record Given(Model model, SafetensorsFile cases, SafetensorsFile step, JsonNode description) {
        int[] ids(SafetensorsFile file, String name) {
            return Arrays.stream(Tensors.toLongs(file.tensor(name)))
                    .mapToInt(Math::toIntExact)
                    .toArray();
        }

        /** The first {@code length} tokens of a case. */
        Prefix prefix(String test, int length) {
            int[] ids = Arrays.copyOf(ids(cases, test + ".input_ids"), length);
            Tensor all = cases.tensor(test + ".position_ids");
            long[][] positions = new long[3][];
            Arrays.setAll(positions, axis -> Arrays.copyOf(Tensors.toLongs(all.select(0, axis)), length));
            int[] slots = IntStream.range(0, length)
                    .filter(i -> ids[i] == model.config().videoTokenId())
                    .toArray();
            return new Prefix(ids, positions, slots, positions[0][length - 1] + 1);
        }

        VisualEmbeddings visual(String test) {
            List<GridFeatures> videos = new ArrayList<>();
            for (JsonNode name : description.path("cases").path(test).path("videos")) {
                JsonNode thw = description.path("videos").path(name.asText());
                Tensor pixels = cases.tensor("video." + name.asText() + ".pixel_values_videos", torch.ScalarType.Float);
                videos.add(model.vision()
                        .forward(
                                pixels,
                                thw.get(0).asInt(),
                                thw.get(1).asInt(),
                                thw.get(2).asInt()));
            }
            return VisualEmbeddings.of(videos.toArray(GridFeatures[]::new));
        }

        RowPasses.Pass pass(PackedRow row, String test, boolean recompute) {
            return new RowPasses(4, recompute).forward(model, row, visual(test), 1);
        }

        void assertGradients() {
            int checked = 0;
            for (Map.Entry<String, Tensor> parameter : model.parameters().all().entrySet()) {
                Tensor expected = step.tensor(parameter.getKey());
                double error = parameter.getValue().grad().sub(expected).norm().item_double()
                        / Math.max(1e-6, expected.norm().item_double());
                assertTrue(error <= GRADIENT, parameter.getKey() + ": gradient off by " + error);
                checked++;
            }
            assertEquals(
                    step.names().stream()
                            .filter(name -> !name.startsWith("step."))
                            .count(),
                    checked);
        }
    }

    private interface Body {
        void run(Given given);
    }

    private static void with(String checkpoint, String step, Body body) {
        Path folder = ROOT.resolve(checkpoint);
        Model model = TinyModel.load(folder.resolve("checkpoint"));
        try (PointerScope scope = new PointerScope();
                SafetensorsFile cases = SafetensorsFile.open(folder.resolve("cases.safetensors"));
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve(step + ".safetensors"))) {
            model.parameters().all().values().forEach(parameter -> parameter.set_requires_grad(true));
            body.run(new Given(model, cases, golden, Json.read(folder.resolve("cases.json"))));
        } finally {
            model.close();
        }
    }

    /** Every checkpoint that has the step, with activations kept and computed anew. */
    private static Stream<Arguments> having(String step) {
        return Stream.of("qwen25vl/a", "qwen25vl/b", "qwen3vl/a", "qwen3vl/b")
                .filter(checkpoint -> Files.exists(ROOT.resolve(checkpoint).resolve(step + ".safetensors")))
                .flatMap(checkpoint -> Stream.of(Arguments.of(checkpoint, false), Arguments.of(checkpoint, true)));
    }

    static Stream<Arguments> sft() {
        return having("sft");
    }

    static Stream<Arguments> grpo() {
        return having("grpo");
    }

    @ParameterizedTest
    @MethodSource("sft")
    void aStepOfSft(String checkpoint, boolean recompute) {
        with(checkpoint, "sft", given -> {
            int[] all = given.ids(given.cases(), "case4.input_ids");
            int[] reply = Arrays.copyOfRange(all, all.length - 10, all.length);
            PackedRow row = new PackedRow(given.prefix("case4", all.length - reply.length), List.of(reply));
            RowPasses.Pass pass = given.pass(row, "case4", recompute);
            double loss = 0;
            for (float logProb : pass.logProbs().get(0)) {
                loss -= logProb / (double) reply.length;
            }
            assertEquals(given.step().tensor("step.loss").item_double(), loss, 1e-4);
            float[] gradient = new float[reply.length];
            Arrays.fill(gradient, -1f / reply.length);
            pass.backward(List.of(gradient));
            given.assertGradients();
        });
    }

    @ParameterizedTest
    @MethodSource("grpo")
    void aStepOfGrpo(String checkpoint, boolean recompute) {
        with(checkpoint, "grpo", given -> {
            float[] advantages = Tensors.toFloats(given.step().tensor("step.advantages"));
            List<int[]> replies = IntStream.range(0, advantages.length)
                    .mapToObj(g -> given.ids(given.step(), "step.completion." + g))
                    .toList();
            int prompt = given.ids(given.cases(), "case1.input_ids").length;
            RowPasses.Pass pass = given.pass(new PackedRow(given.prefix("case1", prompt), replies), "case1", recompute);
            List<LossInputs.Rollout> rollouts = new ArrayList<>();
            for (int g = 0; g < advantages.length; g++) {
                float[] values = pass.logProbs().get(g);
                assertArrayEquals(Tensors.toFloats(given.step().tensor("step.logp." + g)), values, 1e-4f);
                rollouts.add(new LossInputs.Rollout(
                        values,
                        Tensors.toFloats(given.step().tensor("step.old." + g)),
                        Tensors.toFloats(given.step().tensor("step.ref." + g)),
                        advantages[g],
                        false));
            }
            int tokens = replies.stream().mapToInt(reply -> reply.length).sum();
            LossOutputs outputs =
                    GRPO.compute(new LossInputs(rollouts, new LossInputs.Batch(rollouts.size(), tokens, 1, 8)));
            assertEquals(given.step().tensor("step.loss").item_double(), outputs.loss(), 1e-4);
            assertTrue(outputs.clipFraction() > 0, "some token is clipped");
            pass.backward(outputs.gradients());
            given.assertGradients();
        });
    }
}
