package org.videotg.model.vision;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.model.config.VisionConfig;
import org.videotg.model.tensor.Device;
import org.videotg.model.tensor.Tensors;

/**
 * Rotary tables of the patches of one temporal grid, in the order of its {@link GridLayout}; inside a merged unit patches stand
 * row by row. headDim / 4 frequencies turn with the row, as many with the column; the second half of the head repeats the first.
 * All grids of a video share the tables.
 *
 * @param cos [patches, 1, headDim]
 * @param sin [patches, 1, headDim]
 */
record VisionRope(Tensor cos, Tensor sin) {
    private static final double THETA = 10_000;

    static VisionRope of(VisionConfig config, GridLayout layout) {
        int merge = config.spatialMergeSize();
        int headDim = config.headDim();
        int patches = layout.order().length * merge * merge;
        float[] cos = new float[patches * headDim];
        float[] sin = new float[patches * headDim];
        int patch = 0;
        for (int unit : layout.order()) {
            for (int inner = 0; inner < merge * merge; inner++) {
                int row = unit / layout.columns() * merge + inner / merge;
                int column = unit % layout.columns() * merge + inner % merge;
                fill(cos, sin, patch++ * headDim, headDim, row, column);
            }
        }
        return new VisionRope(Tensors.floats(cos, patches, 1, headDim), Tensors.floats(sin, patches, 1, headDim));
    }

    private static void fill(float[] cos, float[] sin, int at, int headDim, int row, int column) {
        int quarter = headDim / 4;
        for (int i = 0; i < quarter; i++) {
            float frequency = (float) (1 / Math.pow(THETA, (float) (2 * i) / (headDim / 2)));
            for (int axis = 0; axis < 2; axis++) {
                double angle = (axis == 0 ? row : column) * frequency;
                int first = at + axis * quarter + i;
                cos[first] = cos[first + headDim / 2] = (float) Math.cos((float) angle);
                sin[first] = sin[first + headDim / 2] = (float) Math.sin((float) angle);
            }
        }
    }

    VisionRope on(Device device) {
        return new VisionRope(Tensors.to(device, cos), Tensors.to(device, sin));
    }

    /** Rotates [.., patches, heads, headDim]; in float32 whatever the type of the weights, as in the reference. */
    Tensor rotate(Tensor x) {
        return Tensors.rotate(x.to(torch.ScalarType.Float), cos, sin).to(x.scalar_type());
    }
}
