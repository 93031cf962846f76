package org.videotg.models.nn;

import java.util.List;
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
        float[] frequencies = Tensors.rotaryFrequencies(config.ropeTheta(), headDim);
        float[] angles = new float[tokens * headDim];
        for (int i = 0; i < half; i++) {
            int axis = axis(config, i);
            for (int token = 0; token < tokens; token++) {
                int at = token * headDim + i;
                angles[at] = angles[at + half] = positions[axis][token] * frequencies[i];
            }
        }
        return new Rope(
                Tensors.floats(Tensors.cos(angles), tokens, headDim).to(type),
                Tensors.floats(Tensors.sin(angles), tokens, headDim).to(type));
    }

    Rope on(Device device) {
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
