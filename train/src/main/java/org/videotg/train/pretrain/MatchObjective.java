package org.videotg.train.pretrain;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.model.Qwen3Vl;
import org.videotg.model.VisualTokens;
import org.videotg.model.config.Qwen3VlConfig;
import org.videotg.model.config.TextConfig;
import org.videotg.model.preprocess.SeenVideo;
import org.videotg.model.sequence.ChatTemplate;
import org.videotg.model.sequence.PackedRow;
import org.videotg.model.sequence.Prefix;
import org.videotg.model.tensor.Tensors;
import org.videotg.model.vision.VideoFeatures;

/** How much of a query holds in each grid, asked of the layers below the match head, which are run alone. */
final class MatchObjective {
    static final double TIME_WEIGHT = 0.2;
    private static final int GRIDS = 8;

    private MatchObjective() {}

    /** The model cut off after the layer that the match head reads; on the same tensors. */
    static Qwen3Vl lowerHalf(Qwen3Vl model) {
        TextConfig t = model.config().text();
        TextConfig cut = new TextConfig(t.vocabSize(), t.hiddenSize(), t.intermediateSize(), PretrainHead.matchLayer(model) + 1,
                t.numHeads(), t.numKeyValueHeads(), t.headDim(), t.rmsNormEps(), t.ropeTheta(), t.mropeSection());
        Qwen3VlConfig c = model.config();
        return new Qwen3Vl(new Qwen3VlConfig(c.vision(), cut, c.videoTokenId(), c.visionStartTokenId(), c.visionEndTokenId(),
                c.tieWordEmbeddings()), model.parameters());
    }

    /** Mean loss over {@code queries} drawn queries about one video. */
    static Tensor loss(Qwen3Vl model, ChatTemplate chat, int queries, VisionLabels labels, String video, SeenVideo seen, Random random,
            Tally tally) {
        Qwen3Vl lower = lowerHalf(model);
        double[] times = TaskObjective.times(seen.grids());
        Tensor loss = Tensors.zeros(1);
        for (int q = 0; q < queries; q++) {
            String query = labels.drawQuery(video, random);
            GridMask mask = few(times.length, random);
            float[][] matches = labels.matches(video, times, query);
            VideoFeatures features = seen.features(mask);
            Prefix prefix = chat.untilVideo(PromptTemplate.OWN.beforeVideo(query), seen.timestamps(mask), features.gridHeight(),
                    features.gridWidth());
            Tensor[] last = new Tensor[1];
            lower.hidden(new PackedRow(prefix, List.of()), VisualTokens.of(features), (layer, state) -> last[0] = state);
            Tensor perGrid = PretrainHead.perGrid(model, last[0].squeeze(0).index_select(0, Tensors.ids(prefix.visualSlots())),
                    features.tokensPerGrid());
            Tensor logits = PretrainHead.match(model, perGrid);
            int[] shown = mask.visible(times.length);
            float[] targets = new float[shown.length * PretrainHead.MATCHES];
            for (int i = 0; i < shown.length; i++) {
                System.arraycopy(matches[shown[i]], 0, targets, i * PretrainHead.MATCHES, PretrainHead.MATCHES);
            }
            Tensor expected = Tensors.floats(targets, shown.length, PretrainHead.MATCHES);
            Tensor one = torch.binary_cross_entropy_with_logits(logits, expected);
            tally.add("match", one.item_double());
            tally.add("matchAll", torch.binary_cross_entropy_with_logits(logits.select(1, PretrainHead.MATCHES - 1),
                    expected.select(1, PretrainHead.MATCHES - 1)).item_double());
            Tensor time = PretrainHead.timeLoss(model, perGrid, seen.timestamps(mask));
            tally.add("time", time.item_double());
            loss = loss.add(one.add(time.mul(new Scalar(TIME_WEIGHT))).div(new Scalar((double) queries)));
        }
        return loss;
    }

    /** All but a few grids are dropped. */
    private static GridMask few(int grids, Random random) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < grids; i++) {
            order.add(i);
        }
        java.util.Collections.shuffle(order, random);
        BitSet masked = new BitSet();
        order.stream().skip(GRIDS).forEach(masked::set);
        return GridMask.of(masked, MaskMode.DROP);
    }
}
