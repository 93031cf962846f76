package org.videotg.models.qwen3vl;

import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * The learned square position table of Qwen3-VL, interpolated to a grid of any size by bilinear interpolation with
 * aligned corners.
 *
 * @param table [side * side, hidden]
 * @param side entries of the table's side
 */
record LearnedPositions(Tensor table, int side) {
    static LearnedPositions of(VisionConfig config, Qwen3VlConfig settings, ModelParameters parameters, String name) {
        return new LearnedPositions(
                parameters.get(name + ".weight", settings.numPositionEmbeddings(), config.hiddenSize()),
                settings.positionsPerSide());
    }

    /**
     * Position embeddings in float32 [height * width, hidden], in merge-block order: units of m x m patches row by row,
     * inside a unit its patches row by row.
     *
     * @param height patches of the grid's height
     * @param width patches of the grid's width
     * @param merge patches of a merged unit's side
     */
    Tensor of(int height, int width, int merge) {
        int patches = height * width;
        int[] corners = new int[patches * 4];
        float[] weights = new float[patches * 4];
        int patch = 0;
        for (int blockRow = 0; blockRow < height / merge; blockRow++) {
            for (int blockColumn = 0; blockColumn < width / merge; blockColumn++) {
                for (int inner = 0; inner < merge * merge; inner++) {
                    int row = blockRow * merge + inner / merge;
                    int column = blockColumn * merge + inner % merge;
                    bilinear(corners, weights, 4 * patch++, place(row, height), place(column, width));
                }
            }
        }
        Tensor atCorners =
                table.index_select(0, Tensors.ids(Device.of(table), corners)).view(-1, 4, table.size(1));
        return atCorners
                .mul(Tensors.floats(Device.of(table), weights, patches, 4, 1))
                .sum(1);
    }

    /**
     * Place of patch {@code index} of {@code count} on the table; in the reference's order of operations, because
     * rounding differences show in bfloat16.
     */
    private float place(int index, int count) {
        return (float) index * (side - 1) / Math.max(count - 1, 1);
    }

    private void bilinear(int[] corners, float[] weights, int at, float row, float column) {
        int top = Math.min((int) row, side - 1);
        int left = Math.min((int) column, side - 1);
        int bottom = Math.min(top + 1, side - 1);
        int right = Math.min(left + 1, side - 1);
        float up = 1 - (row - top);
        float down = 1 - Math.abs(row - top - 1);
        float leftward = 1 - (column - left);
        float rightward = 1 - Math.abs(column - left - 1);
        corners[at] = top * side + left;
        corners[at + 1] = top * side + right;
        corners[at + 2] = bottom * side + left;
        corners[at + 3] = bottom * side + right;
        weights[at] = up * leftward;
        weights[at + 1] = up * rightward;
        weights[at + 2] = down * leftward;
        weights[at + 3] = down * rightward;
    }
}
