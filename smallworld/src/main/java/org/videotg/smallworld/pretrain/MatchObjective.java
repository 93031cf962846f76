package org.videotg.smallworld.pretrain;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.models.EncodedVideo;
import org.videotg.models.Model;
import org.videotg.models.VisualTokens;
import org.videotg.models.config.TextConfig;
import org.videotg.models.nn.VideoFeatures;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Tensors;

/** The middle losses alone, on the layers below their heads: short rows of a few grids, many queries. */
final class MatchObjective {
    private static final int GRIDS = 10;

    private MatchObjective() {}

    /** The model cut off after the last layer that a head reads; on the same tensors. */
    static Model lowerHalf(Model model) {
        TextConfig cut = model.config().text().withLayers(PretrainHead.edgeLayer(model) + 1);
        return new Model(model.config().withText(cut), model.parameters());
    }

    /** Mean loss over {@code queries} drawn queries about one video. */
    static Tensor loss(
            Model model,
            ChatTemplate chat,
            int queries,
            VisionLabels labels,
            String video,
            EncodedVideo seen,
            Random random,
            Tally tally) {
        Model lower = lowerHalf(model);
        double[] times = TaskObjective.times(seen.grids());
        Tensor loss = Tensors.zeros(1);
        for (int q = 0; q < queries; q++) {
            String query = labels.drawQuery(video, random);
            GridMask mask = few(times.length, random);
            float[][] matches = labels.matches(video, times, query);
            VideoFeatures features = seen.features(mask);
            Prefix prefix = chat.untilVideo(PromptTemplate.OWN.grounding(query).before(), seen.visible(mask));
            MiddleObjective middle = new MiddleObjective(model);
            lower.hidden(new PackedRow(prefix, List.of()), VisualTokens.of(features), middle);
            loss = loss.add(middle.loss(prefix.visualSlots(), features.tokensPerGrid(), seen, mask, matches, tally)
                    .div(new Scalar((double) queries)));
        }
        return loss;
    }

    /** All but a few grids are dropped: one run of neighbours stays, so that edges can be seen. */
    private static GridMask few(int grids, Random random) {
        int first = random.nextInt(Math.max(1, grids - GRIDS + 1));
        BitSet masked = new BitSet();
        masked.set(0, first);
        masked.set(Math.min(grids, first + GRIDS), grids);
        return GridMask.of(masked, MaskMode.DROP);
    }
}
