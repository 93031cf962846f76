package org.videotg.models.nn;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Rotary tables of M-RoPE: each frequency belongs to one of the three axes. In the contiguous layout, the first
 * section[0] frequencies turn with the time, the next section[1] with the height, the rest with the width.
 * Interleaved, frequency i turns with the height if i = 1, 4, 7, ... below 3 * section[1], with the width if i = 2, 5,
 * 8, ... below 3 * section[2], else with the time.
 *
 * @param cos [tokens, headDim]
 * @param sin [tokens, headDim]
 */
public record Rope(Tensor cos, Tensor sin) {
    /**
     * The tables of a row, computed in float32 and then rounded; on the CPU.
     *
     * @param positions of the three axes, [3][tokens]
     */
    public static Rope of(TextConfig config, long[][] positions, torch.ScalarType type) {
        int tokens = positions[0].length;
        int headDim = config.headDim();
        int half = headDim / 2;
        float[] frequencies = frequencies(config.ropeTheta(), headDim);
        float[] angles = new float[tokens * headDim];
        for (int i = 0; i < half; i++) {
            int axis = axis(config, i);
            for (int token = 0; token < tokens; token++) {
                int at = token * headDim + i;
                angles[at] = angles[at + half] = positions[axis][token] * frequencies[i];
            }
        }
        return new Rope(
                map(angles, Math::cos, tokens, headDim).to(type),
                map(angles, Math::sin, tokens, headDim).to(type));
    }

    /**
     * Returns the frequencies 1 / theta^(2 i / size), i < size / 2: by libtorch's power in float32, as in the
     * references, since at a position of some thousands the last bit matters.
     */
    static float[] frequencies(double theta, int size) {
        float[] exponents = new float[size / 2];
        for (int i = 0; i < exponents.length; i++) {
            exponents[i] = (float) (2 * i) / size;
        }
        try (PointerScope scope = new PointerScope();
                Scalar base = new Scalar(theta)) {
            return Tensors.toFloats(
                    torch.pow(base, Tensors.floats(exponents, exponents.length)).reciprocal());
        }
    }

    /** Applies Java's cosine or sine, because libtorch's results differ between builds. */
    static Tensor map(float[] angles, DoubleUnaryOperator function, long... shape) {
        float[] values = new float[angles.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) function.applyAsDouble(angles[i]);
        }
        return Tensors.floats(values, shape);
    }

    /** Returns x * cos + rotate_half(x) * sin over the last dimension. */
    static Tensor rotate(Tensor x, Tensor cos, Tensor sin) {
        long half = x.size(-1) / 2;
        Tensor rotated = Tensors.cat(-1, x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half));
        return x.mul(cos).addcmul(rotated, sin);
    }

    /** Rotates queries or keys [1, heads, tokens, headDim]. */
    Tensor rotate(Tensor x) {
        return rotate(x, cos, sin);
    }

    /** Returns the tables on a device. */
    public Rope on(Device device) {
        return new Rope(Tensors.to(device, cos), Tensors.to(device, sin));
    }

    private static int axis(TextConfig config, int frequency) {
        List<Integer> section = config.mropeSection();
        if (config.interleavedMrope()) {
            return frequency % 3 != 0 && frequency < 3 * section.get(frequency % 3) ? frequency % 3 : 0;
        }
        return frequency < section.get(0) ? 0 : frequency < section.get(0) + section.get(1) ? 1 : 2;
    }
}
