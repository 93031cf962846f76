package org.videotg.models.nn;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.tensor.Tensors;

/**
 * Attention of the rollouts of several prompts, which advance together: the rows of each prompt, in the order of the
 * caches, see the prompt's own keys and values.
 */
public record JoinedCaches(List<KvCache> caches) implements AttentionFunction {
    public JoinedCaches {
        caches = List.copyOf(caches);
    }

    @Override
    public Tensor attend(int layer, Tensor q, Tensor k, Tensor v) {
        Tensor[] parts = new Tensor[caches.size()];
        int start = 0;
        for (int i = 0; i < parts.length; i++) {
            int rows = caches.get(i).rollouts();
            parts[i] = caches.get(i)
                    .attend(layer, q.narrow(2, start, rows), k.narrow(2, start, rows), v.narrow(2, start, rows));
            start += rows;
        }
        return Tensors.cat(1, parts);
    }
}
