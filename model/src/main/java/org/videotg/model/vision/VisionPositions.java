package org.videotg.model.vision;

import org.bytedeco.pytorch.Tensor;
import org.videotg.model.config.VisionConfig;
import org.videotg.model.tensor.Tensors;

/**
 * Where the patches of one temporal grid lie, in merge-block order: units of m x m patches row by row, inside a unit its
 * patches row by row. All grids of a video share these tables.
 *
 * @param cos rotary table [patches, 1, headDim]
 * @param sin rotary table [patches, 1, headDim]
 * @param corners indices into the learned position table, [patches * 4]
 * @param weights bilinear weights of the four corners, [patches, 4, 1]
 */
record VisionPositions(Tensor cos, Tensor sin, Tensor corners, Tensor weights) {
    private static final double THETA = 10_000;

    /**
     * @param height patches of the grid's height
     * @param width patches of the grid's width
     */
    static VisionPositions of(VisionConfig config, int height, int width) {
        int merge = config.spatialMergeSize();
        int patches = height * width;
        int headDim = config.headDim();
        float[] cos = new float[patches * headDim];
        float[] sin = new float[patches * headDim];
        int[] corners = new int[patches * 4];
        float[] weights = new float[patches * 4];
        int side = config.positionsPerSide();
        int patch = 0;
        for (int blockRow = 0; blockRow < height / merge; blockRow++) {
            for (int blockColumn = 0; blockColumn < width / merge; blockColumn++) {
                for (int inner = 0; inner < merge * merge; inner++) {
                    int row = blockRow * merge + inner / merge;
                    int column = blockColumn * merge + inner % merge;
                    rotary(cos, sin, patch * headDim, headDim, row, column);
                    bilinear(corners, weights, patch * 4, side, place(row, height, side), place(column, width, side));
                    patch++;
                }
            }
        }
        return new VisionPositions(Tensors.floats(cos, patches, 1, headDim), Tensors.floats(sin, patches, 1, headDim),
                Tensors.ids(corners), Tensors.floats(weights, patches, 4, 1));
    }

    /** headDim / 4 frequencies turn with the row, as many with the column; the second half of the head repeats the first. */
    private static void rotary(float[] cos, float[] sin, int at, int headDim, int row, int column) {
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

    /** Place of patch {@code index} of {@code count} on a table of {@code side} entries whose corners align. */
    private static float place(int index, int count, int side) {
        return count == 1 ? 0 : index * ((side - 1) / (float) (count - 1));
    }

    private static void bilinear(int[] corners, float[] weights, int at, int side, float row, float column) {
        int top = Math.min((int) row, side - 1);
        int left = Math.min((int) column, side - 1);
        int bottom = Math.min(top + 1, side - 1);
        int right = Math.min(left + 1, side - 1);
        float down = row - top;
        float across = column - left;
        corners[at] = top * side + left;
        corners[at + 1] = top * side + right;
        corners[at + 2] = bottom * side + left;
        corners[at + 3] = bottom * side + right;
        weights[at] = (1 - down) * (1 - across);
        weights[at + 1] = (1 - down) * across;
        weights[at + 2] = down * (1 - across);
        weights[at + 3] = down * across;
    }
}
