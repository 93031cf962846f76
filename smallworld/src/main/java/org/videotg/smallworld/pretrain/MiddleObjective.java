package org.videotg.smallworld.pretrain;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.models.EncodedVideo;
import org.videotg.models.Model;
import org.videotg.models.nn.TextModel;
import org.videotg.models.tensor.Tensors;

/**
 * Losses on the visual tokens in the middle of the language model: how much of the query a grid shows, its time, and where the
 * query begins and ceases to hold. Reads two layers as they go by.
 */
final class MiddleObjective implements TextModel.Probe {
    private static final double MATCH = 1;
    private static final double TIME = 0.2;
    private static final double EDGE = 1;

    private final Model model;
    private Tensor matchState;
    private Tensor edgeState;

    MiddleObjective(Model model) {
        this.model = model;
    }

    @Override
    public void after(int layer, Tensor hidden) {
        matchState = layer == PretrainHead.matchLayer(model) ? hidden.alias() : matchState;
        edgeState = layer == PretrainHead.edgeLayer(model) ? hidden.alias() : edgeState;
    }

    /**
     * The loss of the row that has gone by.
     *
     * @param slots places of the visual tokens
     * @param matches by grid of the whole video; see {@link PretrainHead#MATCHES}
     */
    Tensor loss(int[] slots, int tokensPerGrid, EncodedVideo seen, GridMask mask, float[][] matches, Tally tally) {
        boolean dropped = mask.mode() == MaskMode.DROP;
        int[] shown = dropped
                ? mask.visible(matches.length)
                : IntStream.range(0, matches.length).toArray();
        float[] targets = new float[shown.length * PretrainHead.MATCHES];
        boolean[] holds = new boolean[shown.length];
        for (int i = 0; i < shown.length; i++) {
            // A black grid shows nothing.
            if (!mask.isMasked(shown[i])) {
                System.arraycopy(matches[shown[i]], 0, targets, i * PretrainHead.MATCHES, PretrainHead.MATCHES);
                holds[i] = matches[shown[i]][PretrainHead.MATCHES - 1] > 0;
            }
        }
        Tensor visual = Tensors.ids(slots);
        Tensor perGrid = PretrainHead.perGrid(model, matchState.squeeze(0).index_select(0, visual), tokensPerGrid);
        Tensor expected = Tensors.floats(targets, shown.length, PretrainHead.MATCHES);
        Tensor logits = PretrainHead.match(model, perGrid);
        Tensor match = torch.binary_cross_entropy_with_logits(logits, expected);
        Tensor time = PretrainHead.timeLoss(model, perGrid, seen.visible(mask).timestamps());
        Tensor edge = PretrainHead.edgeLoss(
                model, PretrainHead.perGrid(model, edgeState.squeeze(0).index_select(0, visual), tokensPerGrid), holds);
        tally.add(
                "match",
                torch.binary_cross_entropy_with_logits(
                                logits.select(1, PretrainHead.MATCHES - 1),
                                expected.select(1, PretrainHead.MATCHES - 1))
                        .item_double());
        tally.add("time", time.item_double());
        tally.add("edge", edge.item_double());
        return match.mul(new Scalar(MATCH)).add(time.mul(new Scalar(TIME))).add(edge.mul(new Scalar(EDGE)));
    }
}
