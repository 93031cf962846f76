package org.videotg.models.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

class LinearTest {
    /** 1217 outputs are no multiple of a part. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 17})
    void fewRowsGiveWhatAPlainProductGives(int rows) {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor x = torch.randn(1, rows, 300);
            Tensor weight = torch.randn(1217, 300);
            Tensor bias = torch.randn(1217);
            Tensor expected = x.matmul(weight.t()).add(bias);
            Tensor actual = Linear.apply(x, weight, bias);
            assertArrayEquals(new long[] {1, rows, 1217}, Tensors.shape(actual));
            double error = expected.sub(actual).abs().max().item_double();
            assertTrue(error < 1e-3, "off by " + error);
        }
    }
}
