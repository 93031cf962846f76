package org.videotg.models.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * The output of the vision tower: features of temporal grids of one size, without their times.
 *
 * @param gridHeight merged units of a grid's height
 * @param gridWidth merged units of a grid's width
 * @param merged visual tokens, [grids, gridHeight * gridWidth, hidden]
 * @param deepstack one tensor of the same shape for each DeepStack tap
 */
public record GridFeatures(int gridHeight, int gridWidth, Tensor merged, List<Tensor> deepstack) {
    public GridFeatures {
        deepstack = List.copyOf(deepstack);
    }

    public int grids() {
        return (int) merged.size(0);
    }

    /** Visual tokens of one grid. */
    public int tokensPerGrid() {
        return gridHeight * gridWidth;
    }

    /**
     * Returns the features of a masked view: {@link MaskMode#DROP} leaves the masked grids out, {@link MaskMode#BLANK}
     * replaces them by those of a black grid.
     *
     * @param black features of one black grid of the same size; read for {@link MaskMode#BLANK} only
     */
    public GridFeatures masked(GridMask mask, GridFeatures black) {
        if (mask.isNone()) {
            return this;
        }
        if (mask.mode() == MaskMode.DROP) {
            Tensor visible = Tensors.ids(Device.of(merged), mask.visible(grids()));
            return map(features -> features.index_select(0, visible));
        }
        int[] source = new int[grids()];
        for (int i = 0; i < source.length; i++) {
            source[i] = mask.isMasked(i) ? grids() : i;
        }
        Tensor index = Tensors.ids(Device.of(merged), source);
        List<Tensor> mixed = new ArrayList<>();
        for (int i = 0; i < deepstack.size(); i++) {
            mixed.add(Tensors.cat(0, deepstack.get(i), black.deepstack.get(i)).index_select(0, index));
        }
        return new GridFeatures(
                gridHeight, gridWidth, Tensors.cat(0, merged, black.merged).index_select(0, index), mixed);
    }

    /** Returns features with a function applied to every tensor. */
    public GridFeatures map(UnaryOperator<Tensor> change) {
        return new GridFeatures(
                gridHeight,
                gridWidth,
                change.apply(merged),
                deepstack.stream().map(change).toList());
    }
}
