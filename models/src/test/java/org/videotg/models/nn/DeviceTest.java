package org.videotg.models.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.models.ModelConfig;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * The decoder on the device META, where an operation with a tensor of the CPU fails. libtorch lacks kernels for some
 * operations there, attention among them, so attention is stood in for, and that the tensors it makes live where they
 * should is looked at.
 */
class DeviceTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final int TOKENS = 5;

    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl", "qwen3vl"})
    void everyTensorOfTheDecoderLivesWhereItsWeightsDo(String family) {
        NativeRuntime.load();
        ModelConfig config = ModelConfig.read(GOLDEN.resolve(family).resolve("b/checkpoint/config.json"));
        try (PointerScope scope = new PointerScope();
                ModelParameters shapes = config.shapes()) {
            TextModel model = new TextModel(config.text(), config.tieWordEmbeddings(), shapes, "model.language_model");
            assertEquals(Device.META, model.device());
            Tensor out = forward(model, config, Device.META);
            assertEquals(Device.META, Device.of(out));
            assertEquals(Device.META, Device.of(model.logits(out)));
            // The other way round: what this test relies on.
            assertTrue(assertThrows(RuntimeException.class, () -> forward(model, config, Device.CPU))
                    .getMessage()
                    .contains("same device"));
        }
    }

    private static Tensor forward(TextModel model, ModelConfig config, Device device) {
        long hidden = config.text().hiddenSize();
        long[] axis = {0, 1, 2, 3, 4};
        Tensor embeddings = Tensors.empty(device, torch.ScalarType.Float, 1, TOKENS, hidden);
        Tensor slots = Tensors.ids(device, new int[] {1, 2});
        Tensor deepstack = Tensors.empty(device, torch.ScalarType.Float, 2, hidden);
        AttentionFunction attention = (layer, q, k, v) -> {
            assertEquals(device, Device.of(q));
            assertEquals(device, Device.of(k));
            return q.transpose(1, 2).reshape(1, TOKENS, -1);
        };
        Rope rope = Rope.of(config.text(), new long[][] {axis, axis, axis}, torch.ScalarType.Float)
                .on(device);
        return model.forward(
                new TextModel.Row(embeddings, rope, slots, List.of(deepstack), attention), TextModel.Probe.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl", "qwen3vl"})
    void aConfigurationWantsTheTensorsOfItsCheckpoint(String family) {
        Path folder = GOLDEN.resolve(family).resolve("b/checkpoint");
        try (PointerScope scope = new PointerScope();
                ModelParameters wanted =
                        ModelConfig.read(folder.resolve("config.json")).shapes();
                ModelParameters held = WeightsReader.load(folder, torch.ScalarType.Float)) {
            assertEquals(held.count(), wanted.count());
            wanted.all().forEach((name, shape) -> {
                if (held.has(name)) {
                    assertArrayEquals(Tensors.shape(held.all().get(name)), Tensors.shape(shape), name);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void masksLiveWhereTheRowDoes(int suffix) {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            int[] suffixes = suffix == 0 ? new int[0] : new int[] {suffix};
            TextConfig config = ModelConfig.read(GOLDEN.resolve("qwen3vl/b/checkpoint/config.json"))
                    .text();
            Tensor q = Tensors.empty(
                    Device.META, torch.ScalarType.Float, 1, config.numHeads(), 4 + suffix, config.headDim());
            Tensor k = q.narrow(1, 0, config.numKeyValueHeads());
            // Attention itself has no kernel there; a mask of another device would be the earlier failure.
            String failure = assertThrows(
                            RuntimeException.class,
                            () -> new PackedAttention(config, 4, suffixes, Device.META).attend(0, q, k, k))
                    .getMessage();
            assertTrue(!failure.contains("same device"), failure);
        }
    }
}
