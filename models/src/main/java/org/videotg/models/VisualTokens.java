package org.videotg.models;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.tensor.Tensors;

/**
 * The visual tokens of a row in the order of its slots.
 *
 * @param merged [visual tokens, hidden]
 * @param deepstack one tensor of the same shape for each DeepStack tap
 */
public record VisualTokens(Tensor merged, List<Tensor> deepstack) {
    /** Returns those of one or more videos, in the order of the prompt. */
    public static VisualTokens of(GridFeatures... videos) {
        List<Tensor> deepstack = new ArrayList<>();
        for (int tap = 0; tap < videos[0].deepstack().size(); tap++) {
            Tensor[] parts = new Tensor[videos.length];
            for (int i = 0; i < videos.length; i++) {
                parts[i] = videos[i].deepstack().get(tap).flatten(0, 1);
            }
            deepstack.add(Tensors.cat(0, parts));
        }
        Tensor[] merged = new Tensor[videos.length];
        for (int i = 0; i < videos.length; i++) {
            merged[i] = videos[i].merged().flatten(0, 1);
        }
        return new VisualTokens(Tensors.cat(0, merged), deepstack);
    }
}
