package org.videotg.models.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/** Attention in blocks against the naive oracle: repeated heads, the dense mask of the whole row, plain products. */
class PackedAttentionTest {
    private static final int PREFIX = 7;
    private static final int[] SUFFIXES = {3, 1, 5, 3};
    private static final int TOKENS = PREFIX + 12;
    private static final int DIM = 8;

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void valuesAndGradientsAreThoseOfTheDenseMask(int blockSize) {
        for (int heads : new int[] {2, 6}) {
            try (PointerScope scope = new PointerScope()) {
                torch.manual_seed(heads);
                // Token by token in memory, as the model's projections are.
                List<Tensor> inputs = List.of(row(heads), row(2), row(2));
                Tensor weights = torch.randn(1, TOKENS, (long) heads * DIM);
                AttentionFunction packed = new PackedAttention(config(heads), PREFIX, SUFFIXES, blockSize, Device.CPU);
                List<Tensor> expected = valuesAndGradients(PackedAttentionTest::naive, inputs, weights);
                List<Tensor> actual = valuesAndGradients(packed, inputs, weights);
                for (int i = 0; i < expected.size(); i++) {
                    double error =
                            expected.get(i).sub(actual.get(i)).abs().max().item_double();
                    assertTrue(error < 1e-5, "tensor " + i + " of " + heads + " heads is off by " + error);
                }
            }
        }
    }

    @Test
    void shortSuffixesShareABlockAndLongOnesStandAlone() {
        int[] suffixes = new int[8];
        Arrays.fill(suffixes, 400);
        assertEquals(1, PackedAttention.blockSize(2000, suffixes));
        Arrays.fill(suffixes, 10);
        assertEquals(8, PackedAttention.blockSize(2000, suffixes));
        assertEquals(1, PackedAttention.blockSize(2000, new int[0]));
    }

    /** The output and the gradients of q, k and v. */
    private static List<Tensor> valuesAndGradients(AttentionFunction attention, List<Tensor> inputs, Tensor weights) {
        List<Tensor> leaves = inputs.stream()
                .map(input -> input.detach().requires_grad_(true))
                .toList();
        Tensor out = attention.attend(0, leaves.get(0), leaves.get(1), leaves.get(2));
        Tensors.backward(out, weights);
        return List.of(
                out, leaves.get(0).grad(), leaves.get(1).grad(), leaves.get(2).grad());
    }

    private static Tensor naive(int layer, Tensor q, Tensor k, Tensor v) {
        float[] mask = new float[TOKENS * TOKENS];
        Arrays.fill(mask, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < TOKENS; i++) {
            int start = start(i);
            Arrays.fill(mask, i * TOKENS, i * TOKENS + Math.min(PREFIX, i + 1), 0);
            Arrays.fill(mask, i * TOKENS + start, i * TOKENS + i + 1, 0);
        }
        long groups = q.size(1) / k.size(1);
        Tensor scores = q.matmul(k.repeat_interleave(groups, new LongOptional(1), new LongOptional())
                        .transpose(2, 3))
                .div(new Scalar(Math.sqrt(DIM)))
                .add(Tensors.floats(mask, TOKENS, TOKENS));
        return scores.softmax(3)
                .matmul(v.repeat_interleave(groups, new LongOptional(1), new LongOptional()))
                .transpose(1, 2)
                .reshape(1, TOKENS, -1);
    }

    /** The first token of the suffix of a token, or 0 in the prefix. */
    private static int start(int token) {
        int start = 0;
        int next = PREFIX;
        for (int length : SUFFIXES) {
            if (token >= next) {
                start = next;
            }
            next += length;
        }
        return start;
    }

    private static Tensor row(int heads) {
        return torch.randn(1, TOKENS, heads, DIM).transpose(1, 2);
    }

    private static TextConfig config(int heads) {
        return new TextConfig(9, 16, 16, 1, heads, 2, DIM, 100, 1e-6, 1e4, List.of(2, 1, 1), true, false, true);
    }
}
