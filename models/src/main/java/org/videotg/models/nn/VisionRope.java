package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Rotary tables of the patches of one temporal grid, in any order of its merged units; inside a unit patches stand row
 * by row. headDim / 4 frequencies turn with the row, as many with the column; the second half of the head repeats the
 * first. All grids of a video share the tables.
 *
 * @param cos [patches, 1, headDim]
 * @param sin [patches, 1, headDim]
 */
public record VisionRope(Tensor cos, Tensor sin) {
    /**
     * Returns the tables of a grid, on the CPU.
     *
     * @param order index, row by row, of the merged unit at each place
     * @param columns merged units of the grid's width
     */
    public static VisionRope of(VisionConfig config, int[] order, int columns) {
        int merge = config.spatialMergeSize();
        int headDim = config.headDim();
        int patches = order.length * merge * merge;
        float[] frequencies = Rope.frequencies(VisionConfig.ROPE_THETA, headDim / 2);
        float[] angles = new float[patches * headDim];
        int patch = 0;
        for (int unit : order) {
            for (int inner = 0; inner < merge * merge; inner++) {
                int row = unit / columns * merge + inner / merge;
                int column = unit % columns * merge + inner % merge;
                fill(angles, patch++ * headDim, frequencies, row, column);
            }
        }
        return new VisionRope(
                Rope.map(angles, Math::cos, patches, 1, headDim), Rope.map(angles, Math::sin, patches, 1, headDim));
    }

    /** The frequencies turn with the row, then with the column, then both again. */
    private static void fill(float[] angles, int at, float[] frequencies, int row, int column) {
        for (int i = 0; i < 4 * frequencies.length; i++) {
            int axis = i / frequencies.length % 2 == 0 ? row : column;
            angles[at + i] = axis * frequencies[i % frequencies.length];
        }
    }

    /** Returns the same tables on a device. */
    public VisionRope on(Device device) {
        return new VisionRope(Tensors.to(device, cos), Tensors.to(device, sin));
    }

    /** Rotates [.., patches, heads, headDim]; in float32 whatever the type of the weights, as in the reference. */
    Tensor rotate(Tensor x) {
        return Rope.rotate(x.to(torch.ScalarType.Float), cos, sin).to(x.scalar_type());
    }
}
