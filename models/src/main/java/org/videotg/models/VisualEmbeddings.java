package org.videotg.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.tensor.Tensors;

/**
 * The visual tokens of a row, in the order of its slots: the features of the visible grids of one or more videos, one
 * after another.
 *
 * @param merged [visual tokens, hidden]
 * @param deepstack one tensor of the same shape for each DeepStack tap
 */
public record VisualEmbeddings(Tensor merged, List<Tensor> deepstack) {
    /** Returns the tokens of one or more videos, in the order of the prompt. */
    public static VisualEmbeddings of(GridFeatures... videos) {
        List<Tensor> deepstack = new ArrayList<>();
        for (int i = 0; i < videos[0].deepstack().size(); i++) {
            int tap = i;
            deepstack.add(joined(videos, video -> video.deepstack().get(tap)));
        }
        return new VisualEmbeddings(joined(videos, GridFeatures::merged), deepstack);
    }

    private static Tensor joined(GridFeatures[] videos, Function<GridFeatures, Tensor> part) {
        return Tensors.cat(
                0,
                Arrays.stream(videos)
                        .map(video -> part.apply(video).flatten(0, 1))
                        .toArray(Tensor[]::new));
    }
}
